using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.BadInput;

/// <summary>Credentials and addresses that are none: said clearly, and never shown.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public static TheoryData<string> MalformedKeys =>
    [
        "empty", "blank", "one part", "three parts", "five parts", "no client", "no key id", "no account", "no private key", "not base64",
        "cut by 1", "cut by 4", "cut by 20", "cut by 60", "begun late", "doubled", "RSA", "P-256", "not a key", "token", "legacy cut", "legacy without a key", "legacy with an Ed25519 key",
    ];

    public static TheoryData<string> Addresses =>
    [
        "http://example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::2]",
        "http://localhost@example.com",
        "https://example.com/api",
        "https://example.com/v1/clients",
        "https://example.com/?x=1",
        "https://example.com?x=1",
        "https://example.com#x",
        "https://user:word@example.com",
        "https://user@example.com",
        "user:word@example.com",
        "https://example.com\\x",
        "https://exa mple.com",
        "https://",
        "http://",
        "//example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://example.com:99999",
    ];

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(MalformedKeys))]
    public void Refuses_what_is_no_access_key_and_never_shows_it(string kind)
    {
        string key = MalformedKey(kind);
        _account.Shell.Set("key", Shell.Secret(key));
        _account.Run("Disconnect-Authress").Ok();
        ErrorRecord error = _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Refused("InvalidAccessKey", ErrorCategory.InvalidArgument);
        AssertHidden(key, error);
        Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);
    }

    [Theory]
    [MemberData(nameof(MalformedKeys))]
    public void Refuses_a_file_that_holds_no_access_key_and_never_shows_what_it_holds(string kind)
    {
        string key = MalformedKey(kind);
        string file = Path.Combine(_account.Folder, "client.key");
        File.WriteAllText(file, key);
        AssertHidden(key, _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile '{file}'").Refused("InvalidAccessKey", ErrorCategory.InvalidArgument));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Refuses_an_address_that_the_api_can_not_have(string url)
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("url", url);
        _account.Run("Disconnect-Authress").Ok();
        ErrorRecord error = _account.Run("Connect-Authress $url $key").Refused("InvalidApiUrl", ErrorCategory.InvalidArgument);
        Assert.DoesNotContain("user:word", Secrecy.TextOf(error), StringComparison.Ordinal);
        Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://")]
    public void Refuses_a_key_where_the_address_belongs_and_never_shows_it(string before)
    {
        string key = _account.Server.AccessKey;
        _account.Shell.Set("plain", before + key);
        _account.Shell.Set("key", Shell.Secret(key));
        ErrorRecord error = _account.Run("Connect-Authress $plain $key").Refused("InvalidApiUrl", ErrorCategory.InvalidArgument);
        AssertHidden(key, error);
    }

    [Fact]
    public void Refuses_a_token_where_the_address_belongs_and_never_shows_it()
    {
        string token = MalformedKey("token");
        _account.Shell.Set("plain", token);
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        AssertHidden(token, _account.Run("Connect-Authress $plain $key").Refused("InvalidApiUrl", ErrorCategory.InvalidArgument));
    }

    [Fact]
    public void Takes_a_key_with_blanks_and_line_ends_around_it()
    {
        _account.Shell.Set("key", Shell.Secret($" \t{_account.Server.AccessKey}\r\n"));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Ok();
        Assert.Single(_account.Run("Get-AuthressServiceClient").Ok().Output);
    }

    [Theory]
    [MemberData(nameof(Connected))]
    public void Says_so_where_there_is_no_connection_and_sends_nothing(string cmdlet)
    {
        Arguments arguments = new(_account);
        System.Collections.Hashtable[] calls = [.. arguments.For(ExportedCommands.Info(cmdlet))];
        _account.Server.ClearRequests();
        foreach (System.Collections.Hashtable call in calls)
        {
            _account.Shell.Set("arguments", call);
            ShellResult result = _account.Run($"Disconnect-Authress; {cmdlet} @arguments");
            result.Refused("NotConnected", ErrorCategory.ConnectionError);
            Assert.Contains("Connect-Authress", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Empty(_account.Server.Requests);
    }

    // A key can be tried without a connection, at its account's own address.
    public static TheoryData<string> Connected => [.. ExportedCommands.Connected.Select(row => row.Data).Where(name => name != "Test-AuthressAccessKey")];

    // No part of the key that could be guessed from: what is longer than an id.
    private static void AssertHidden(string key, ErrorRecord error)
    {
        string text = Secrecy.TextOf(error);
        foreach (string part in key.Split('.', '/', '+').Where(part => part.Length >= 16 && !part.StartsWith("acc", StringComparison.Ordinal)))
            Secrecy.AssertHidden(part, text);
    }

    private string MalformedKey(string kind)
    {
        string good = _account.Server.AccessKey;
        string[] parts = good.Split('.');
        return kind switch
        {
            "empty" => string.Empty,
            "blank" => " \n ",
            "one part" => parts[3],
            "three parts" => string.Join('.', parts[1..]),
            "five parts" => good + ".more",
            "no client" => string.Join('.', [string.Empty, .. parts[1..]]),
            "no key id" => $"{parts[0]}. .{parts[2]}.{parts[3]}",
            "no account" => $"{parts[0]}.{parts[1]}..{parts[3]}",
            "no private key" => $"{parts[0]}.{parts[1]}.{parts[2]}.",
            "not base64" => good.Insert(good.Length - 10, "!*"),
            "begun late" => $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[3][8..]}",
            "doubled" => good + parts[3],
            "RSA" => With(RSA.Create(2048).ExportPkcs8PrivateKey()),
            "P-256" => With(ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKey()),
            "not a key" => With(RandomNumberGenerator.GetBytes(48)),
            "token" => $"{Base64Url("""{"alg":"EdDSA","typ":"at+jwt"}""")}.{Base64Url("""{"sub":"somebody-in-the-token"}""")}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(32))}",
            "legacy cut" => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"audience":"a.accounts.authress.io","clientId":"c","keyId":"k","privateKey":"{{parts[3]}}"}"""))[..^30],
            "legacy without a key" => Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"audience":"a.accounts.authress.io","clientId":"c","keyId":"k"}""")),
            "legacy with an Ed25519 key" => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"audience":"a.accounts.authress.io","clientId":"c","keyId":"k","privateKey":"{{parts[3]}}"}""")),
            _ when kind.StartsWith("cut by ", StringComparison.Ordinal) => good[..^int.Parse(kind.AsSpan(7), System.Globalization.CultureInfo.InvariantCulture)],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

        string With(byte[] privateKey) => $"{parts[0]}.{parts[1]}.{parts[2]}.{Convert.ToBase64String(privateKey)}";
    }

    private static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
