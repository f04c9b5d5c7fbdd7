using System.Collections;
using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// No cmdlet shows a secret, however its requests end. <see cref="CanaryPlacesTests"/> has the places of a whole session,
/// Secrets.Tests.ps1 the forms that other commands make, and the client's SecretTests its exceptions.
/// </summary>
public sealed class SecretTests : IAsyncLifetime
{
    // The error of a response that holds secrets and can't be used must not quote it.
    private const string Canary = "MC4CAQAwBQYDK2VwBCIE+the/canary+in/the/response+that/can+t/be/used";

    private static readonly Dictionary<string, Fault?> Situations = new()
    {
        ["successful"] = null,
        ["unauthorized"] = new StatusFault(401),
        ["not found"] = new StatusFault(404),
        ["failed with an HTML page"] = new StatusFault(500) { Body = FaultBody.Html },
        ["incomplete JSON"] = new TruncateFault { Complete = true },
        ["cut off"] = new TruncateFault(),
        ["without a key id"] = new MalformedFault { Text = $$"""{ "accessKey": "{{Canary}}", "clientSecret": "{{Canary}}" }""" },
        ["of another type"] = new MalformedFault { Text = $$"""{ "keyId": "k", "accessKey": { "secret": "{{Canary}}" }""" },
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
        // One retry writes every message that a retry writes.
        _account.Connect("-MaximumRetryCount 1");
        _client = _account.Seed("""{"name":"billing"}""");
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public void Shows_no_secret_in_any_situation(string cmdlet, string situation)
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
            // Invoke-AuthressRequest returns the body itself.
            if (info.Noun != "AuthressRequest")
                Secrecy.AssertHidden(Canary, text);
            foreach (PSObject item in output.Where(item => item.Properties["AccessKey"]?.Value is System.Security.SecureString))
                Secrecy.AssertHidden(Shell.Reveal(item.Properties["AccessKey"].Value).Split('.')[3], text);
        }
    }

    [Fact]
    public void Writes_a_plain_text_key_to_no_stream_and_no_serialized_form()
    {
        ShellResult made = _account.Run($"New-AuthressAccessKey {_client} -AsPlainText -Debug -Verbose");
        string secret = ((string)made.Single.Properties["AccessKey"].Value).Split('.')[3];
        string serialized = PSSerializer.Serialize(made.Single, 10);
        Secrecy.AssertHidden(secret, serialized, made.HostText, string.Join('\n', made.Debug), string.Join('\n', made.Verbose), made.Single.ToString());

        // CLIXML writes an underscore before an x in another way, and an id may begin with one.
        Assert.Contains(_client, serialized.Replace("_x005F_", "_", StringComparison.Ordinal), StringComparison.Ordinal);
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
