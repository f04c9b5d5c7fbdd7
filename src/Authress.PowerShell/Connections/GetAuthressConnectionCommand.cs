using System.Management.Automation;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Shows this session's connection: where to and as whom, never a secret. Nothing where there is none.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressConnection", HelpUri = CommandText.HelpPages + "Get-AuthressConnection.md")]
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
