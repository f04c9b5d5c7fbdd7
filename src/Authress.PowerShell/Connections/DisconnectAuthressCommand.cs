using System.Management.Automation;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Forgets this session's connection. Connections kept in variables go on working.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "Authress", HelpUri = CommandText.HelpPages + "Disconnect-Authress.md")]
[OutputType(typeof(void))]
public sealed class DisconnectAuthressCommand : PSCmdlet
{
    /// <inheritdoc />
    protected override void EndProcessing() => SessionConnection.Remove(SessionState);
}
