using System.Management.Automation;

namespace Authress.PowerShell.Connections;

/// <summary>
/// The connection of a session, in a global variable, which a runspace's reset clears. <c>ForEach-Object -Parallel</c>
/// reuses runspaces: with a static field, or a table keyed by runspace, an iteration would inherit another's account.
/// </summary>
internal static class SessionConnection
{
    private const string Variable = "global:__AuthressConnection";

    public static Connection? Get(SessionState session)
    {
        object? value = session.PSVariable.GetValue(Variable);
        return (value is PSObject wrapped ? wrapped.BaseObject : value) as Connection;
    }

    public static void Set(SessionState session, Connection connection) => session.PSVariable.Set(Variable, connection);

    public static void Remove(SessionState session) => session.PSVariable.Remove(Variable);
}
