using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Tests whether a text is an access key, who it belongs to, and whether it works. Never shows it.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AuthressAccessKey", DefaultParameterSetName = AccessKeySet, HelpUri = CommandText.HelpPages + "Test-AuthressAccessKey.md")]
[OutputType(typeof(AccessKeyTestResult), typeof(bool))]
public sealed class TestAuthressAccessKeyCommand : AuthressCommand
{
    private const string AccessKeySet = "AccessKey";
    private const string KeyFileSet = "KeyFile";
    private const string VaultSet = "Vault";
    private const string SightingSet = "Sighting";

    /// <summary>The access key to test.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = AccessKeySet)]
    [SecretTransformation(PassesStrings = true)]
    public SecureString AccessKey { get; set; } = null!;

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

    /// <summary>What Find-AuthressAccessKey found. The key is read again from its file or environment variable.</summary>
    // By property name as well: otherwise PowerShell tries only the default set, which is the only one that binds so.
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = SightingSet)]
    [SightingTransformation]
    public AccessKeySighting? InputObject { get; set; }

    /// <summary>The API URL to test the key at. The default is that of the connection, the vault, the environment or the account.</summary>
    [Parameter]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? ApiUrl { get; set; }

    /// <summary>How many seconds to wait until a new key works. The default is 0: one test.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(0, 3600)]
    public int WaitSec { get; set; }

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

        if (ParameterSetName == SightingSet && ReferenceEquals(InputObject, SightingTransformationAttribute.Text))
            WriteError(ErrorFactory.NotASighting());
        else if (ParameterSetName == SightingSet)
            Test(InputObject!);
        else
            Test(new KeySource(this).Read(KeyFile, SecretName, VaultName, readScript: null));
    }

    private void Test(KeyText? read)
    {
        string? apiUrl = ApiUrl ?? (Current is null ? read?.Description?.ApiUrl : null);
        Write(NewTest(apiUrl).Run(read?.AccessKey ?? AccessKey));
    }

    private void Test(AccessKeySighting sighting)
    {
        try
        {
            Write(NewTest(ApiUrl).Run(new SightingSource(sighting).Read(CommandLifetime.Reads)));
        }
        catch (IOException e)
        {
            WriteError(ErrorFactory.SightingUnreadable(sighting, e));
        }
        catch (OperationCanceledException)
        {
            CommandLifetime.ThrowIfStopping();
            throw;
        }
    }

    private AccessKeyTest NewTest(string? apiUrl) => new(this, Current, apiUrl, TimeSpan.FromSeconds(WaitSec));

    private void Write(AccessKeyTestResult result)
    {
        if (!Quiet)
            WriteObject(result);
        else if (result.Works is { } works)
            WriteObject(works);
        else
            // Inconclusive. If this were false, a script would replace a good key.
            WriteError(ErrorFactory.AccessKeyNotTested(result.KeyId!, result.Message));
    }
}
