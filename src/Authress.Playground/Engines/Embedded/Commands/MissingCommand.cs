using System.Management.Automation;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Stands in for every command that an embedded session does not have, and says where to get it.</summary>
[Cmdlet(VerbsCommon.Get, "MissingCommand")]
internal sealed class MissingCommand : PSCmdlet
{
    /// <summary>Whatever the real command would have been given.</summary>
    [Parameter(ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    public object? Arguments { get; set; }

    protected override void BeginProcessing()
    {
        string name = MyInvocation.InvocationName;
        var exception = new CommandNotFoundException(
            $"The term '{name}' is not recognized. The playground's embedded engine has the module's commands and a few of PowerShell's own; " +
            "for all the others get PowerShell: https://aka.ms/install-powershell")
        {
            CommandName = name,
        };
        ThrowTerminatingError(new ErrorRecord(exception, nameof(CommandNotFoundException), ErrorCategory.ObjectNotFound, name));
    }
}
