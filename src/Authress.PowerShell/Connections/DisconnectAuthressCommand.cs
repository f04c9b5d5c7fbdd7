using System.Management.Automation;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Removes this session's connection. Connections in variables continue to work.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "Authress", HelpUri = CommandText.HelpPages + "Disconnect-Authress.md")]
[OutputType(typeof(void))]
public sealed class DisconnectAuthressCommand : PSCmdlet
{
    /// <inheritdoc />
    protected override void EndProcessing() => SessionConnection.Remove(SessionState);
}
