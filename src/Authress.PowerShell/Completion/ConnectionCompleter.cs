using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Completion;

/// <summary>Variables of the session that hold a connection.</summary>
internal sealed class ConnectionCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using Engine engine = Engine.Create(RunspaceMode.CurrentRunspace);
        return [.. engine.AddCommand(@"Microsoft.PowerShell.Utility\Get-Variable").Invoke<PSVariable>()
            .Where(variable => (variable.Value is PSObject wrapped ? wrapped.BaseObject : variable.Value) is Connection)
            .Where(variable => !variable.Name.StartsWith("__", StringComparison.Ordinal) && ("$" + variable.Name).StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(variable => new CompletionResult("$" + variable.Name, "$" + variable.Name, CompletionResultType.Variable, PrintableText.Escape(variable.Value.ToString())))];
    }
}
