using System.Globalization;
using System.Management.Automation;
using System.Net;
using Authress.Client;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Connects this session to an Authress account.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Authress", DefaultParameterSetName = EnvironmentSet, HelpUri = CommandText.HelpPages + "Connect-Authress.md")]
[OutputType(typeof(Connection))]
public sealed partial class ConnectAuthressCommand : PSCmdlet
{
    /// <summary>The API URL. The default is AUTHRESS_API_URL, or the account's own URL if the credential names the account.</summary>
    [Parameter(Position = 0)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    [Alias("Uri", "Url")]
    public string? ApiUrl { get; set; }

    /// <summary>The account, if the access key does not name it.</summary>
    [Parameter]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? AccountId { get; set; }

    /// <summary>How many seconds one attempt of a request may take.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = AuthressApiOptions.DefaultTimeoutSeconds;

    /// <summary>How many times a failed request is retried, if that is safe; 0 for never.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(0, 20)]
    public int MaximumRetryCount { get; set; } = AuthressApiOptions.DefaultMaximumRetryCount;

    /// <summary>The maximum total time in seconds that one request waits between its attempts.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(0, 3600)]
    public int MaximumRetryWaitSec { get; set; } = AuthressApiOptions.DefaultMaximumRetryWaitSeconds;

    /// <summary>Rejects requests that change something before they are sent.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>The proxy's URL. The default is the system's proxy.</summary>
    [Parameter]
    [ProxyTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Returns the connection.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        // A script that continues after a failed connect must not continue in the previous account.
        SessionConnection.Remove(SessionState);
        try
        {
            Connection connection = Connect(ConnectionProxy.Create(Proxy, ProxyCredential));
            SessionConnection.Set(SessionState, connection);
            if (PassThru)
                WriteObject(connection);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            ThrowTerminatingError(e is FormatException invalidKey ? ErrorFactory.InvalidAccessKey(invalidKey) : ErrorFactory.InvalidConnection((ArgumentException)e));
        }
    }

    private Connection Connect(WebProxy? proxy)
    {
        ConnectionCredential credential = ReadCredential();
        string? accountId = credential.ChooseAccount(AccountId);
        return credential.Connect(new AuthressApiOptions
        {
            ApiUrl = ApiUrlResolver.Resolve(this, ApiUrl ?? credential.ApiUrl, accountId),
            AccessKey = credential.AccessKey,
            AccessToken = credential.AccessToken,
            AccountId = accountId,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            MaximumRetryCount = MaximumRetryCount,
            MaximumRetryWait = TimeSpan.FromSeconds(MaximumRetryWaitSec),
            ReadOnly = ReadOnly,
            Proxy = proxy,
            UserAgentSuffix = string.Format(CultureInfo.InvariantCulture, "{0}/{1}", Host.Name, Host.Version),
        });
    }
}
