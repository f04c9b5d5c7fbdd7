using System.Management.Automation;
using System.Text;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>No secret is shown or written anywhere, unless it was asked for.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private string _client = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{"name":"billing"}""");
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void Keeps_a_new_keys_secret_out_of_every_stream_and_form()
    {
        ShellResult made = _account.Run($"$key = New-AuthressAccessKey {_client} -Debug -Verbose; $key").Ok();
        string secret = Shell.Reveal(made.Single.Properties["AccessKey"].Value).Split('.')[3];
        string[] places =
        [
            made.HostText,
            string.Join('\n', made.Debug),
            string.Join('\n', made.Verbose),
            made.Single.ToString(),
            PSSerializer.Serialize(made.Single, 10),
            _account.Shell.Show("$key"),
            _account.Shell.Show("[pscustomobject]@{ inner = $key }"),
        ];
        Assert.All(places, place => AssertHidden(secret, place));
        Assert.NotEmpty(made.Debug);
    }

    [Fact]
    public void Keeps_a_plain_text_key_out_of_serialization()
    {
        PSObject key = _account.Run($"New-AuthressAccessKey {_client} -AsPlainText").Ok().Single;
        string secret = ((string)key.Properties["AccessKey"].Value).Split('.')[3];
        AssertHidden(secret, PSSerializer.Serialize(key, 10));
        Assert.Contains(_client, PSSerializer.Serialize(key, 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_connections_secret_out_of_errors_and_traces()
    {
        ShellResult result = _account.Run("Get-AuthressServiceClient nope -Debug -Verbose; Get-AuthressConnection");
        string secret = _account.Server.AccessKey.Split('.')[3];
        AssertHidden(secret, string.Join('\n', result.Debug) + result.HostText + result.Errors[0].Exception + PSSerializer.Serialize(result.Errors[0], 5) + PSSerializer.Serialize(result.Single, 5));
        Assert.DoesNotContain("eyJ", string.Join('\n', result.Debug) + result.Errors[0].Exception, StringComparison.Ordinal);
        Assert.Contains(result.Debug, line => line.Contains("GET /v1/clients/nope -> 404", StringComparison.Ordinal));
    }

    private static void AssertHidden(string secret, string place)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(secret);
        byte[] utf16 = Encoding.Unicode.GetBytes(secret);
        foreach (string form in (string[])[secret, Convert.ToHexString(utf8), Convert.ToHexString(utf16), Convert.ToBase64String(utf8), Convert.ToBase64String(utf16)])
            Assert.DoesNotContain(form, place, StringComparison.OrdinalIgnoreCase);
    }
}
