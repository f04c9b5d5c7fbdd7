using System.Management.Automation;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Shows this session's connection: where to and as whom, never a secret. Nothing where there is none.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressConnection", HelpUri = HelpLinks.Base + "Get-AuthressConnection.md")]
[OutputType(typeof(Connection))]
public sealed class GetAuthressConnectionCommand : PSCmdlet
{
    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (SessionConnection.Get(SessionState) is { } connection)
            WriteObject(connection);
    }
}
