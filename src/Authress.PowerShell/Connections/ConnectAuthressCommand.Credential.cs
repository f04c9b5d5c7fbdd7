using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Connections;

/// <content>The credential, a parameter set each.</content>
public sealed partial class ConnectAuthressCommand
{
    private const string EnvironmentSet = "Environment";
    private const string AccessKeySet = "AccessKey";
    private const string AccessTokenSet = "AccessToken";
    private const string KeyFileSet = "KeyFile";
    private const string VaultSet = "Vault";
    private const string ScriptSet = "Script";

    /// <summary>A service client's access key.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    public SecureString? AccessKey { get; set; }

    /// <summary>An access token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [SecretTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The path of a text file that contains only an access key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeyFileSet)]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>The name of a secret that holds an access key, in a vault of SecretManagement.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VaultSet)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>The vault. The default is the vault that holds the secret, first of all the default vault.</summary>
    [Parameter(ParameterSetName = VaultSet)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? VaultName { get; set; }

    /// <summary>A script that returns an access key as SecureString or text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    [NoCredentialTransformation]
    public ScriptBlock? ReadScript { get; set; }

    // The specified credential, or that of the environment.
    private ConnectionCredential ReadCredential()
    {
        if (AccessToken is not null)
            return new ConnectionCredential(AccessToken);
        if (AccessKey is not null)
            return ConnectionCredential.FromKey(AccessKey);
        return new KeySource(this).Read(KeyFile, SecretName, VaultName, ReadScript) is { } read
            ? ConnectionCredential.FromKey(read.AccessKey, read.Description)
            : ConnectionCredential.FromEnvironment(this);
    }
}
