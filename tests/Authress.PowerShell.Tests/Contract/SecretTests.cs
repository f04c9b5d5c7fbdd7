using System.Collections;
using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>No secret is shown or written anywhere, unless it was asked for.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    // Where the answer carries secrets but can't be used, the text of the error must not quote it.
    private const string Canary = "MC4CAQAwBQYDK2VwBCIE+the/canary+in/the/answer+that/can+t/be/used";

    private static readonly Dictionary<string, Fault?> Situations = new()
    {
        ["well"] = null,
        ["unauthorized"] = new StatusFault(401),
        ["not found"] = new StatusFault(404),
        ["failed with a page"] = new StatusFault(500) { Body = FaultBody.Html },
        ["cut short"] = new TruncateFault { Complete = true },
        ["broken off"] = new TruncateFault(),
        ["without a key id"] = new MalformedFault { Text = $$"""{ "accessKey": "{{Canary}}", "clientSecret": "{{Canary}}" }""" },
        ["of another form"] = new MalformedFault { Text = $$"""{ "keyId": "k", "accessKey": { "secret": "{{Canary}}" }""" },
    };

    private readonly Account _account = new();
    private string _client = string.Empty;

    public static TheoryData<string, string> Calls
    {
        get
        {
            TheoryData<string, string> calls = [];
            foreach (string cmdlet in ExportedCommands.Cmdlets)
            {
                foreach (string situation in Situations.Keys)
                    calls.Add(cmdlet, situation);
            }

            return calls;
        }
    }

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        // Once is enough to see what a further try tells.
        _account.Connect("-MaximumRetryCount 1");
        _client = _account.Seed("""{"name":"billing"}""");
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public void Shows_no_secret_whatever_is_called_and_however_it_ends(string cmdlet, string situation)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        Hashtable[] calls = [.. new Arguments(_account).For(info)];
        if (Situations[situation] is { } fault)
            _account.Server.AddFault("*", "*", fault, times: -1);
        foreach (Hashtable arguments in calls)
        {
            (string text, IReadOnlyList<PSObject> output) = Secrecy.Record(_account.Shell, cmdlet, arguments, info.Parameters.ContainsKey("Confirm"));
            Secrecy.AssertHidden(_account.Server.AccessKey, text);
            Secrecy.AssertHidden(_account.Server.AccessKey.Split('.')[3], text);
            Secrecy.AssertHidden(Secrecy.TokenBeginning, text);
            // What Invoke-AuthressRequest returns is the answer itself.
            if (info.Noun != "AuthressRequest")
                Secrecy.AssertHidden(Canary, text);
            foreach (PSObject item in output.Where(item => item.Properties["AccessKey"]?.Value is System.Security.SecureString))
                Secrecy.AssertHidden(Shell.Reveal(item.Properties["AccessKey"].Value).Split('.')[3], text);
        }
    }

    [Fact]
    public void Keeps_a_new_keys_secret_out_of_every_stream_and_form()
    {
        ShellResult made = _account.Run($"$key = New-AuthressAccessKey {_client} -Debug -Verbose; $key").Ok();
        string secret = Shell.Reveal(made.Single.Properties["AccessKey"].Value).Split('.')[3];
        Secrecy.AssertHidden(
            secret,
            made.HostText,
            string.Join('\n', made.Debug),
            string.Join('\n', made.Verbose),
            made.Single.ToString(),
            PSSerializer.Serialize(made.Single, 10),
            _account.Shell.Show("$key"),
            _account.Shell.Show("[pscustomobject]@{ inner = $key }"));
        Assert.NotEmpty(made.Debug);
    }

    [Fact]
    public void Keeps_a_plain_text_key_out_of_serialization_and_streams()
    {
        ShellResult made = _account.Run($"New-AuthressAccessKey {_client} -AsPlainText -Debug -Verbose");
        string secret = ((string)made.Single.Properties["AccessKey"].Value).Split('.')[3];
        string serialized = PSSerializer.Serialize(made.Single, 10);
        Secrecy.AssertHidden(secret, serialized, made.HostText, string.Join('\n', made.Debug), string.Join('\n', made.Verbose), made.Single.ToString());

        // CLIXML writes an underscore before an x in another way, and an id may begin with one.
        Assert.Contains(_client, serialized.Replace("_x005F_", "_", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_connections_secret_out_of_errors_and_traces()
    {
        ShellResult result = _account.Run("Get-AuthressServiceClient nope -Debug -Verbose; Get-AuthressConnection");
        string shown = string.Join('\n', result.Debug) + result.HostText + Secrecy.TextOf(result.Errors[0]) + PSSerializer.Serialize(result.Single, 5);
        Secrecy.AssertHidden(_account.Server.AccessKey.Split('.')[3], shown);
        Secrecy.AssertHidden(Secrecy.TokenBeginning, shown);
        Assert.Contains(result.Debug, line => line.Contains("GET /v1/clients/nope -> 404", StringComparison.Ordinal));
    }

    [Fact]
    public void Keeps_a_ready_tokens_text_out_of_errors_and_traces()
    {
        const string token = "a-ready-token-that-is-a-canary";
        _account.Shell.Set("token", Shell.Secret(token));
        ShellResult result = _account.Run($"Connect-Authress {_account.Server.ApiUrl} -AccessToken $token -PassThru; Get-AuthressServiceClient -Debug -Verbose");
        Assert.Equal("AuthenticationFailed", result.ErrorId);
        Secrecy.AssertHidden(token, string.Join('\n', result.Debug), result.HostText, Secrecy.TextOf(result.Errors[0]), PSSerializer.Serialize(result.Single, 5));
    }

    [Theory]
    [InlineData("a secret word", "a secret word")]
    [InlineData("a secret word", "6120736563726574")]
    [InlineData("a secret word", "6100200073006500")]
    [InlineData("a secret word", "YSBzZWNyZXQg")]
    [InlineData("a secret word", "IHNlY3JldCB3")]
    public void Finds_a_secret_in_every_form(string secret, string form)
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(secret);
        string[] places = [secret, Convert.ToHexString(whole), Convert.ToHexString(System.Text.Encoding.Unicode.GetBytes(secret)), Convert.ToBase64String(whole), Convert.ToBase64String([1, .. whole, 2]), Convert.ToBase64String([1, 2, .. whole, 2])];
        string place = places.First(candidate => candidate.Contains(form, StringComparison.OrdinalIgnoreCase));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Secrecy.AssertHidden(secret, place));
    }
}
