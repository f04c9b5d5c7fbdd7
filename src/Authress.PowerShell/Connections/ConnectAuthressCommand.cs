using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;
using AddressRules = Authress.Client.Connections.ApiUrl;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Connects this session to an Authress account.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Authress", DefaultParameterSetName = EnvironmentSet)]
[OutputType(typeof(Connection))]
public sealed class ConnectAuthressCommand : PSCmdlet
{
    private const string EnvironmentSet = "Environment";
    private const string AccessKeySet = "AccessKey";
    private const string AccessTokenSet = "AccessToken";

    /// <summary>The API's address; AUTHRESS_API_URL where it is left out, or the account's own where the access key names it.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("Uri", "Url")]
    public string? ApiUrl { get; set; }

    /// <summary>A service client's access key.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    public SecureString? AccessKey { get; set; }

    /// <summary>A ready access token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [SecretTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The account, where the access key does not name it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccountId { get; set; }

    /// <summary>How many seconds one request may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>Returns the connection as well.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        AccessKeyCredential? key = AccessToken is null ? ReadKey() : null;
        Uri url = ReadUrl(key);
        AuthressApi api;
        try
        {
            api = new AuthressApi(new AuthressApiOptions
            {
                ApiUrl = url,
                AccessKey = key,
                AccessToken = AccessToken,
                AccountId = AccountId,
                Timeout = TimeSpan.FromSeconds(TimeoutSec),
                UserAgentSuffix = string.Format(CultureInfo.InvariantCulture, "{0}/{1}", Host.Name, Host.Version),
            });
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(ErrorFactory.InvalidConnection(e));
            return;
        }

        Connection connection = new(url, key is null ? AuthenticationMethod.AccessToken : AuthenticationMethod.AccessKey, api)
        {
            AccountId = AccountId ?? key?.AccountId,
            ClientId = key?.ClientId,
            KeyId = key?.KeyId,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
        };
        SessionConnection.Set(SessionState, connection);
        if (PassThru)
            WriteObject(connection);
    }

    private AccessKeyCredential ReadKey()
    {
        try
        {
            if (AccessKey is not null)
                return AccessKeyCredential.Parse(AccessKey);
            string? key = Environment.GetEnvironmentVariable("AUTHRESS_KEY");
            if (!string.IsNullOrWhiteSpace(key))
                return AccessKeyCredential.Parse(key!);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(ErrorFactory.InvalidAccessKey(e));
        }

        ThrowTerminatingError(ErrorFactory.CredentialMissing());
        throw new PipelineStoppedException();
    }

    private Uri ReadUrl(AccessKeyCredential? key)
    {
        string? text = ApiUrl ?? Environment.GetEnvironmentVariable("AUTHRESS_API_URL");
        string? account = AccountId ?? key?.AccountId;
        if (string.IsNullOrWhiteSpace(text) && account is not null)
            text = $"https://{WebUtility.UrlEncode(account)}.api.authress.io";
        if (string.IsNullOrWhiteSpace(text))
            ThrowTerminatingError(ErrorFactory.ApiUrlMissing());
        try
        {
            return AddressRules.Parse(text!);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(ErrorFactory.InvalidApiUrl(text!, e));
            throw;
        }
    }
}
