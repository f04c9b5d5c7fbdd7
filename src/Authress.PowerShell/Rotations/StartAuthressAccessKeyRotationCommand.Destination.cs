using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;

namespace Authress.PowerShell.Rotations;

/// <content>The destination.</content>
public sealed partial class StartAuthressAccessKeyRotationCommand
{
    /// <summary>The path of the file that holds the access key. Its content is replaced.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation(AcceptsFiles = true)]
    public string? OutFile { get; set; }

    /// <summary>The name of the secret that holds the access key, in a vault of SecretManagement. Its value is replaced.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    public string? SecretName { get; set; }

    /// <summary>The vault. The default is the default vault.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? VaultName { get; set; }

    /// <summary>A script that saves the access key, which is its $_ and first argument.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNull]
    public ScriptBlock? SaveScript { get; set; }

    /// <summary>A script that returns the access key that the destination holds, as SecureString or text, or nothing. The client's id is its $_.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNull]
    public ScriptBlock? ReadScript { get; set; }

    /// <summary>Tries again after three failures, replaces content that is not an access key of the client, and continues what another run may be working on. Does not suppress a confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private DestinationChoice Choice => DestinationChoice.Given(OutFile, SecretName, VaultName, SaveScript, ReadScript);
}
