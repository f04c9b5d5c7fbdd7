using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.Client.Tokens;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Connects this session to an Authress account.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Authress", DefaultParameterSetName = EnvironmentSet, HelpUri = CommandText.HelpPages + "Connect-Authress.md")]
[OutputType(typeof(Connection))]
public sealed class ConnectAuthressCommand : PSCmdlet
{
    private const string EnvironmentSet = "Environment";
    private const string AccessKeySet = "AccessKey";
    private const string AccessTokenSet = "AccessToken";
    private const string KeyFileSet = "KeyFile";

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

    /// <summary>The path of a text file that holds an access key and nothing else.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeyFileSet)]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>The account, where the access key does not name it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccountId { get; set; }

    /// <summary>How many seconds one try of a request may take.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>How many times a request that failed is tried again, where that is safe; 0 for never.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>The most seconds that one request waits between its tries, all waits together.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int MaximumRetryWaitSec { get; set; } = 60;

    /// <summary>Refuses all that would change anything, before it is sent.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>The address of the proxy; the system's own where it is left out.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password that the proxy asks for.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Returns the connection as well.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        // A script that goes on after a failed connect must not go on in the account before it.
        SessionConnection.Remove(SessionState);
        if (ProxyCredential is not null && Proxy is null)
            ThrowTerminatingError(ErrorFactory.InvalidConnection(new ArgumentException(Messages.ProxyMissing)));
        if (Proxy is not null && !IsUsable(Proxy))
            ThrowTerminatingError(ErrorFactory.InvalidConnection(new ArgumentException(string.Format(CultureInfo.CurrentCulture, Messages.ProxyUnusable, Shown(Proxy)))));
        AccessKeyCredential? key = AccessToken is null ? ReadKey() : null;
        AccessTokenClaims? claims = AccessToken is null ? null : AccessTokenClaims.Read(SecretText.Reveal(AccessToken));
        string? ownAccount = key?.AccountId ?? claims?.AccountId;
        if (AccountId is not null && ownAccount is not null && AccountId != ownAccount)
            ThrowTerminatingError(ErrorFactory.InvalidConnection(new ArgumentException(string.Format(CultureInfo.CurrentCulture, Messages.OtherAccount, AccountId, ownAccount))));
        Uri url = ApiUrlResolver.Resolve(this, ApiUrl, AccountId ?? key?.AccountId ?? claims?.AccountId);
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
                MaximumRetryCount = MaximumRetryCount,
                MaximumRetryWait = TimeSpan.FromSeconds(MaximumRetryWaitSec),
                ReadOnly = ReadOnly,
                Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = ProxyCredential?.GetNetworkCredential() },
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
            AccountId = AccountId ?? key?.AccountId ?? claims?.AccountId,
            ClientId = key?.ClientId ?? claims?.ClientId,
            KeyId = key?.KeyId ?? claims?.KeyId,
            ReadOnly = ReadOnly,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
        };
        SessionConnection.Set(SessionState, connection);

        // Whoever connects mostly goes on to call, and until then there is a moment.
        api.Prepare();
        if (PassThru)
            WriteObject(connection);
    }

    // A relative address, or a scheme that the HTTP library does not know, would only be found out by the first request.
    private static bool IsUsable(Uri proxy) =>
        proxy.IsAbsoluteUri && proxy.Host.Length > 0 && proxy.UserInfo.Length == 0
#if NET
        && proxy.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
#else
        && proxy.Scheme is "http";
#endif

    // A password that stands in the address is not repeated.
    private static string Shown(Uri proxy) => proxy.IsAbsoluteUri && proxy.UserInfo.Length > 0 ? proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : proxy.OriginalString;

    private AccessKeyCredential ReadKey()
    {
        try
        {
            if (AccessKey is not null)
                return AccessKeyCredential.Parse(AccessKey);
            if (KeyFile is not null)
                return AccessKeyCredential.Parse(Connections.KeyFile.Read(this, KeyFile));
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
}
