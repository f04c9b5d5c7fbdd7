using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Deletes service clients and all their access keys.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = CommandText.HelpPages + "Remove-AuthressServiceClient.md")]
[OutputType(typeof(void))]
public sealed class RemoveAuthressServiceClientCommand : BulkCommand
{
    /// <summary>The ids of the clients to delete.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>Deletes even the client that this connection signs in as. Does not suppress the confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId) ?? FindPipedKey()))
            return;
        foreach (string clientId in ClientId)
            Remove(clientId, Piped.Text(nameof(ServiceClient.Name)));
    }

    // A piped key, rotation or finding also has a ClientId, but must not delete the client.
    private ErrorRecord? FindPipedKey() => new[] { nameof(AccessKey.KeyId), nameof(AccessKeyRotation.NewKeyId), nameof(AccessKeyRotation.RotationId), nameof(AccessKeyFinding.Rule) }.Select(Piped.Text).FirstOrDefault(text => text.Length > 0) is { } keyId
        ? ErrorFactory.AccessKeyPiped(string.Join(", ", ClientId), keyId, Piped.Value)
        : null;

    private void Remove(string clientId, string name)
    {
        if (Reject(clientId == Current.ClientId && !Force ? ErrorFactory.OwnServiceClient(clientId) : null))
            return;
        QueueChange(
            clientId,
            clientId,
            (api, cancellation) => api.DeleteServiceClientAsync(clientId, cancellation),
            () => this.ShouldDo(Messages.DeleteServiceClient, Messages.DeleteServiceClientDescription, Messages.DeleteServiceClientQuery, CommandText.Name(clientId, name)),
            () => Current.Cache.RemoveClient(clientId));
    }
}
