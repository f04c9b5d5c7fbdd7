using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Deletes access keys of a service client. Whatever signs in with them loses access.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "AuthressAccessKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpLinks.Base + "Remove-AuthressAccessKey.md")]
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

    /// <summary>The piped object itself, whatever it is, so that one of another client is noticed. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(ClientId), nameof(KeyId))]
    public PSObject? PipedObject { get; set; }

    /// <summary>Deletes even the key that signs for this connection. Does not silence the confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => KeyId.Length;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseContradiction(PipedObject, ClientId))
            return;
        if (PipedProperty.Contradicted(PipedObject, nameof(KeyId), KeyId) is { } given)
        {
            Refuse(ErrorFactory.ContradictoryKeyId(given, PipedProperty.Text(PipedObject, nameof(KeyId)), PipedObject));
            return;
        }

        string clientId = ClientId;
        foreach (string keyId in KeyId)
        {
            if (clientId == Current.ClientId && keyId == Current.KeyId && !Force)
            {
                Refuse(ErrorFactory.OwnAccessKey(clientId, keyId));
            }
            else if (ShouldDo(Messages.DeleteAccessKey, Messages.DeleteAccessKeyDescription, Messages.DeleteAccessKeyQuery, CommandText.Name(keyId, null), CommandText.Name(clientId, null)))
            {
                QueueChange(keyId, clientId, (api, cancellation) => api.DeleteAccessKeyAsync(clientId, keyId, cancellation), () => Current.Cache.RemoveKey(clientId, keyId));
            }
        }
    }
}
