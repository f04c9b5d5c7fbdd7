using System.Management.Automation;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Connections;

/// <summary>
/// The connection of a session, in a global variable, which a runspace's reset clears. <c>ForEach-Object -Parallel</c>
/// reuses runspaces: with a static field, or a table keyed by runspace, an iteration would inherit another's account.
/// </summary>
internal static class SessionConnection
{
    private const string Name = "__AuthressConnection";
    private const string Variable = "global:" + Name;

    public static Connection? Get(SessionState session) => Unwrap(session.PSVariable.GetValue(Variable));

    /// <summary>
    /// The connection of the session on this thread, for callers that have no session state. By no command of the module,
    /// which may have a prefix, be left out of the import, or be hidden by a function of the same name.
    /// </summary>
    public static Connection? GetCurrent()
    {
        using Engine engine = Engine.Create(RunspaceMode.CurrentRunspace);
        return Unwrap(engine.AddCommand(@"Microsoft.PowerShell.Utility\Get-Variable").AddParameter("Name", Name).AddParameter("Scope", "Global").AddParameter("ValueOnly").AddParameter("ErrorAction", ActionPreference.Ignore)
            .Invoke().FirstOrDefault());
    }

    /// <summary>Removes the connection of the session on this thread.</summary>
    public static void RemoveCurrent()
    {
        using Engine engine = Engine.Create(RunspaceMode.CurrentRunspace);
        engine.AddCommand(@"Microsoft.PowerShell.Utility\Remove-Variable").AddParameter("Name", Name).AddParameter("Scope", "Global").AddParameter("ErrorAction", ActionPreference.Ignore)
            .AddParameter("Confirm", false).AddParameter("WhatIf", false)
            .Invoke();
    }

    public static void Set(SessionState session, Connection connection) => session.PSVariable.Set(Variable, connection);

    public static void Remove(SessionState session) => session.PSVariable.Remove(Variable);

    private static Connection? Unwrap(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) as Connection;
}
