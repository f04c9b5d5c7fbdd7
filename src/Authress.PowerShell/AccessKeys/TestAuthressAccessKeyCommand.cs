using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Tests whether a text is an access key, who it belongs to, and whether it works. Never shows it.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AuthressAccessKey", HelpUri = CommandText.HelpPages + "Test-AuthressAccessKey.md")]
[OutputType(typeof(AccessKeyTestResult), typeof(bool))]
public sealed class TestAuthressAccessKeyCommand : AuthressCommand
{
    /// <summary>The access key to test.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SecretTransformation(PassesStrings = true)]
    public SecureString AccessKey { get; set; } = null!;

    /// <summary>The API URL to test the key at. The default is that of the connection, the environment or the account.</summary>
    [Parameter]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? ApiUrl { get; set; }

    /// <summary>Returns only true or false: whether the key works.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override bool NeedsConnection => false;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ReferenceEquals(AccessKey, SecretTransformationAttribute.PlainString))
        {
            WriteError(ErrorFactory.PlainStringGiven());
            return;
        }

        AccessKeyTestResult result = new AccessKeyTest(this, Current, ApiUrl).Run(AccessKey);
        if (!Quiet)
            WriteObject(result);
        else if (result.Works is { } works)
            WriteObject(works);
        else
            // Inconclusive. If this were false, a script would replace a good key.
            WriteError(ErrorFactory.AccessKeyNotTested(result.KeyId!, result.Message));
    }
}
