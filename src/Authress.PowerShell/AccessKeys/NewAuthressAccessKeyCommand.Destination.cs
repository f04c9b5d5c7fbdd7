using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
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
    [Parameter(ParameterSetName = VaultSet)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
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

    private ISecretDestination? CreateDestination() => ParameterSetName switch
    {
        OutFileSet => new FileDestination(this, OutFile!, Force),
        VaultSet => new VaultDestination(this, Current, SecretName!, VaultName, Force),
        ScriptSet => new ScriptDestination(this, SaveScript!, ReadScript!, Force),
        _ => null,
    };
}
