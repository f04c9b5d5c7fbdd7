using System.Management.Automation;
using System.Net;
using System.Security;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Makes a new access key for a service client. Its secret is told only this once.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressAccessKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(IssuedAccessKey), typeof(PlainTextAccessKey))]
public sealed class NewAuthressAccessKeyCommand : AuthressCommand
{
    /// <summary>The ids of the clients to make a key for, one each.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    public string[] ClientId { get; set; } = [];

    /// <summary>The piped object itself, whatever it is, so that one of another client is noticed. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(ClientId))]
    public PSObject? PipedObject { get; set; }

    /// <summary>Returns the secrets as plain text instead of as SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseContradiction(PipedObject, ClientId))
            return;
        foreach (string clientId in ClientId)
        {
            string shown = CommandText.Name(clientId, PipedText(PipedObject, nameof(ServiceClient.Name)));
            if (ShouldDo(Messages.CreateAccessKey, Messages.CreateAccessKeyDescription, Messages.CreateAccessKeyQuery, shown)
                && TryChange(clientId, (api, cancellation) => api.CreateAccessKeyAsync(clientId, cancellation), out IssuedAccessKey key))
            {
                if (IsStopping)
                    DeleteAgain(key);
                WriteObject(AsPlainText ? ToPlainText(key) : key);
            }
        }
    }

    // The pipeline takes nothing any more, so the secret would be lost and the key an orphan.
    private void DeleteAgain(IssuedAccessKey key)
    {
        bool deleted = TryUndo((api, cancellation) => api.DeleteAccessKeyAsync(key.ClientId, key.KeyId, cancellation));
        ReportAfterStop(deleted ? Messages.StoppedAfterKey : Messages.StoppedAfterKeyLeft, key.KeyId, key.ClientId);
        throw new PipelineStoppedException();
    }

    private static PlainTextAccessKey ToPlainText(IssuedAccessKey key)
    {
        using (key)
        {
            return new PlainTextAccessKey(key.ClientId, key.KeyId, Reveal(key.AccessKey), Reveal(key.ClientSecret))
            {
                PublicKey = key.PublicKey,
                GenerationDate = key.GenerationDate,
            };
        }
    }

    private static string? Reveal(SecureString? secret) => secret is null ? null : new NetworkCredential(string.Empty, secret).Password;
}
