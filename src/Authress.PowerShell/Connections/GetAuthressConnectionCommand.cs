using System.Management.Automation;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Gets this session's connection: its URL and its client, never a secret.</para>
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
