using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.AccessKeys;

/// <content>Where the access key goes, a parameter set each.</content>
public sealed partial class NewAuthressAccessKeyCommand
{
    private const string SecureStringSet = "SecureString";
    private const string PlainTextSet = "PlainText";
    private const string OutFileSet = "OutFile";
    private const string VaultSet = "Vault";
    private const string ScriptSet = "Script";

    /// <summary>Returns the secrets as plain text instead of as SecureString.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlainTextSet)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>
    /// The path of a new file that receives the access key, which only its owner can read. It holds one key, for
    /// Connect-Authress -KeyFile.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OutFileSet, ValueFromPipelineByPropertyName = true)]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>The name of the secret that receives the access key, in a vault of SecretManagement.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VaultSet, ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>The vault. The default is the default vault.</summary>
    // An empty cell of a row is no value; BeginProcessing refuses an empty argument.
    [Parameter(ParameterSetName = VaultSet, ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? VaultName { get; set; }

    /// <summary>A script that saves the access key, which is its $_ and first argument.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    [NoCredentialTransformation]
    public ScriptBlock? SaveScript { get; set; }

    /// <summary>A script that returns the access key that -SaveScript saved, as SecureString or text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    [NoCredentialTransformation]
    public ScriptBlock? ReadScript { get; set; }

    /// <summary>Replaces what the destination holds. Does not suppress a confirmation.</summary>
    [Parameter(ParameterSetName = OutFileSet)]
    [Parameter(ParameterSetName = VaultSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    public SwitchParameter Force { get; set; }

    // PowerShell binds a row's ClientId in the default set, and then leaves a property of another set unbound.
    private string? RowDestination => new[] { nameof(OutFile), nameof(SecretName) }.FirstOrDefault(property => Piped.Text(property).Length > 0);

    private string? RowVault => Piped.Text(nameof(VaultName)) is { Length: > 0 } vault ? vault : null;

    private ISecretDestination? CreateDestination(string clientId) => (ParameterSetName, RowDestination) switch
    {
        (OutFileSet, _) => new FileDestination(this, OutFile!, Force),
        (VaultSet, _) => new VaultDestination(this, Current, SecretName!, VaultName is "" ? null : VaultName, Force),
        (ScriptSet, _) => new ScriptDestination(this, SaveScript!, ReadScript!, clientId, Force),
        (SecureStringSet, nameof(OutFile)) => new FileDestination(this, Piped.Text(nameof(OutFile)), Force),
        (SecureStringSet, nameof(SecretName)) => new VaultDestination(this, Current, Piped.Text(nameof(SecretName)), RowVault, Force),
        _ => null,
    };

    // A destination in a row that this command line does not use: never ignored, since the secret would go elsewhere.
    private ErrorRecord? FindUnusedDestination()
    {
        string file = Piped.Text(nameof(OutFile));
        string secret = Piped.Text(nameof(SecretName));
        bool isUsed = ParameterSetName switch
        {
            SecureStringSet => secret.Length == 0 ? RowVault is null : file.Length == 0,
            OutFileSet => secret.Length == 0 && RowVault is null,
            VaultSet => file.Length == 0 && (RowVault is null || RowVault == VaultName),
            _ => file.Length + secret.Length == 0 && RowVault is null,
        };
        return isUsed ? null : ErrorFactory.DestinationInRow(Piped.Value);
    }

    private bool Confirm(SecretDelivery delivery, string shown) =>
        !Reject(delivery.Check(_whatIf))
        && (PublicKey is null
            ? this.ShouldDo(Messages.CreateAccessKey, Messages.CreateAccessKeyDescription, Messages.CreateAccessKeyQuery, shown)
            : this.ShouldDo(Messages.RegisterPublicKey, Messages.RegisterPublicKeyDescription, Messages.RegisterPublicKeyQuery, shown))
        && !Reject(delivery.Prepare());

    // A secret that could not be delivered is returned as the object, and as the error's target: -ErrorAction Stop takes
    // the object away.
    private void Write(SecretDelivery delivery, IssuedAccessKey key)
    {
        ErrorRecord? notDelivered;
        (string clientId, string keyId) = (key.ClientId, key.KeyId);
        try
        {
            notDelivered = delivery.Deliver(key);
            WriteObject(key.AccessKey is null ? key.WithoutSecrets() : AsPlainText ? PlainTextAccessKey.From(key) : key);
        }
        catch (RuntimeException) when (!delivery.IsDone)
        {
            // After a stop, or an error of the next command: the destination or that command may have the secret, so the key is
            // kept and reported.
            // Select-Object -First ends the pipeline with a different exception.
            ReportAfterStop(Messages.KeyHandedOnAtStop, keyId, clientId);
            throw;
        }

        if (notDelivered is not null)
            WriteError(notDelivered);
    }
}
