using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Deletes access keys of a service client. Whatever signs in with them loses access.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "AuthressAccessKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = CommandText.HelpPages + "Remove-AuthressAccessKey.md")]
[OutputType(typeof(void))]
public sealed class RemoveAuthressAccessKeyCommand : BulkCommand
{
    /// <summary>The id of the client that the keys belong to.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string ClientId { get; set; } = string.Empty;

    /// <summary>The ids of the keys to delete.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [KeyIdTransformation]
    [ArgumentCompleter(typeof(KeyIdCompleter))]
    public string[] KeyId { get; set; } = [];

    /// <summary>Deletes even the key that signs for this connection. Does not suppress the confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => KeyId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId), nameof(KeyId));

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId) ?? Piped.FindContradictoryKey(KeyId)))
            return;
        foreach (string keyId in KeyId)
            Remove(ClientId, keyId);
    }

    private void Remove(string clientId, string keyId)
    {
        bool isOwn = clientId == Current.ClientId && keyId == Current.KeyId;
        if (Reject(isOwn && !Force ? ErrorFactory.OwnAccessKey(clientId, keyId) : Wildcard.FindInKeyId(clientId, keyId)))
            return;
        if (Reject(PipedKey.FindForgery(this, Piped.Value, clientId, keyId)))
            return;
        QueueChange(
            keyId,
            clientId,
            (api, cancellation) => api.DeleteAccessKeyAsync(clientId, keyId, cancellation),
            () => this.ShouldDo(Messages.DeleteAccessKey, Messages.DeleteAccessKeyDescription, Messages.DeleteAccessKeyQuery, CommandText.Name(keyId, null), CommandText.Name(clientId, null)),
            () => Current.Cache.RemoveKey(clientId, keyId));
    }
}
