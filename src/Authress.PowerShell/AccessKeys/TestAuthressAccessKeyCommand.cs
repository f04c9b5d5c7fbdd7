using System.Management.Automation;
using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Tells whether a text is an access key, whose it is, and whether it works. Never shows it.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AuthressAccessKey", HelpUri = CommandText.HelpPages + "Test-AuthressAccessKey.md")]
[OutputType(typeof(AccessKeyTestResult), typeof(bool))]
public sealed class TestAuthressAccessKeyCommand : AuthressCommand
{
    /// <summary>The access key to test.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SecretTransformation]
    public SecureString AccessKey { get; set; } = null!;

    /// <summary>Where to try it; the connection's address where it is left out, and without a connection the environment's or the account's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApiUrl { get; set; }

    /// <summary>Returns true or false alone: whether the key works.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override bool NeedsConnection => false;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        AccessKeyTestResult result = Test();
        if (!Quiet)
            WriteObject(result);
        else if (result.Works is { } works)
            WriteObject(works);
        else
            // Neither answer: a script that takes "don't know" for "no" would replace a good key.
            WriteError(ErrorFactory.AccessKeyNotTested(result.KeyId!, result.Message));
    }

    private AccessKeyTestResult Test()
    {
        AccessKeyCredential key;
        try
        {
            key = AccessKeyCredential.Parse(AccessKey);
        }
        catch (FormatException e)
        {
            return new AccessKeyTestResult(isWellFormed: false) { Works = false, Message = e.Message };
        }

        AccessKeyTestResult result = new(isWellFormed: true)
        {
            ClientId = key.ClientId,
            KeyId = key.KeyId,
            AccountId = key.AccountId ?? Current?.AccountId,
            ApiUrl = ApiUrl is null && Current is not null ? Current.ApiUrl : ApiUrlResolver.Resolve(this, ApiUrl, key.AccountId),
        };
        try
        {
            // Over the connection's proxy and within its bounds, where there is one.
            using AuthressApi api = Current is not null
                ? ((AuthressApi)Current.Client).WithAccessKey(key, result.ApiUrl, result.AccountId)
                : new AuthressApi(new AuthressApiOptions { ApiUrl = result.ApiUrl, AccessKey = key, AccountId = result.AccountId, ReadOnly = true });
            Try(api, result);
        }
        catch (ArgumentException e)
        {
            // An older key that does not name its account can't be tried without a connection to it.
            result.Message = e.Message;
        }

        return result;
    }

    private void Try(AuthressApi api, AccessKeyTestResult result)
    {
        try
        {
            result.StatusCode = Read((client, cancellation) => client.ProbeAsync(cancellation), api).StatusCode;
            result.Works = true;
        }
        catch (AuthressApiException e)
        {
            result.StatusCode = e.StatusCode;
            (result.Works, result.Message) = e.StatusCode switch
            {
                // Who may not list has still been recognized.
                403 or 404 when e.IsAuthressAnswer => (true, Messages.KeyWithoutAccess),
                401 => (false, Messages.KeyRefused),
                _ => ((bool?)null, e.Message),
            };
        }
    }
}
