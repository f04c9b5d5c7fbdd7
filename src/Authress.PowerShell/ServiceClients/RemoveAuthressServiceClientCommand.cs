using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Deletes service clients and all their access keys.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpLinks.Base + "Remove-AuthressServiceClient.md")]
[OutputType(typeof(void))]
public sealed class RemoveAuthressServiceClientCommand : BulkCommand
{
    /// <summary>The ids of the clients to delete.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>The piped object itself, whatever it is, so that one of another client is noticed. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(ClientId), TakesText = true)]
    public PSObject? PipedObject { get; set; }

    /// <summary>Deletes even the client that this connection signs in as. Does not silence the confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => ClientId.Length;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseUnusedText(PipedObject) || RefuseContradiction(PipedObject, ClientId))
            return;
        if (PipedProperty.Text(PipedObject, nameof(AccessKey.KeyId)) is { Length: > 0 } keyId)
        {
            // A key has its client's id, and whoever pipes keys means the keys.
            Refuse(ErrorFactory.AccessKeyPiped(string.Join(", ", ClientId), keyId, PipedObject));
            return;
        }

        foreach (string clientId in ClientId)
        {
            string shown = CommandText.Name(clientId, PipedProperty.Text(PipedObject, nameof(ServiceClient.Name)));
            if (clientId == Current.ClientId && !Force)
            {
                Refuse(ErrorFactory.OwnServiceClient(clientId));
            }
            else if (ShouldDo(Messages.DeleteServiceClient, Messages.DeleteServiceClientDescription, Messages.DeleteServiceClientQuery, shown))
            {
                QueueChange(clientId, clientId, (api, cancellation) => api.DeleteServiceClientAsync(clientId, cancellation), () => Current.Cache.RemoveClient(clientId));
            }
        }
    }
}
