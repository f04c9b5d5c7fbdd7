using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.BadInput;

/// <summary>Invalid credentials and API URLs: a clear error that never shows them.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private readonly Account _account = new();

    // The client's AccessKeyCredentialTests has every kind of malformed key.
    public static TheoryData<string> MalformedKeys => ["empty", "blank", "one part", "no private key", "cut short", "not base64", "token", "legacy", "assigned", "quoted", "commented", "zero-width space"];

    public static TheoryData<string> InvalidUrls =>
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
    public void Refuses_a_malformed_access_key_without_showing_it_and_disconnects(string kind)
    {
        string key = MalformedKey(kind);
        _account.Shell.Set("malformed", Shell.Secret(key));
        string file = Path.Combine(_account.Folder, "client.key");
        File.WriteAllText(file, key);
        foreach (string credential in new[] { "$malformed", $"-KeyFile '{file}'" })
        {
            _account.Connect("");
            ErrorRecord error = _account.Run($"Connect-Authress {_account.Server.ApiUrl} {credential}").Refused("InvalidAccessKey", ErrorCategory.InvalidArgument);
            AssertHidden(key, error);
            Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);

            // Test-AuthressAccessKey gives the same reason and sends nothing.
            _account.Server.ClearRequests();
            PSObject tested = _account.Run("Test-AuthressAccessKey $malformed").Ok().Single;
            Assert.Equal(false, tested.Properties["IsWellFormed"].Value);
            Assert.Contains((string)tested.Properties["Message"].Value, error.ToString(), StringComparison.Ordinal);
            Assert.Empty(_account.Server.Requests);
        }
    }

    [Theory]
    [MemberData(nameof(InvalidUrls))]
    public void Refuses_an_invalid_api_url_and_disconnects(string url)
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("url", url);
        ErrorRecord error = _account.Run("Connect-Authress $url $key").Refused("InvalidApiUrl", ErrorCategory.InvalidArgument);
        Assert.DoesNotContain("user:word", Secrecy.TextOf(error), StringComparison.Ordinal);
        Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);
    }

    [Theory]
    [InlineData("Connect-Authress $plain $key", "{0}", "InvalidApiUrl")]
    [InlineData("Connect-Authress $plain $key", "https://{0}", "InvalidApiUrl")]
    [InlineData("Connect-Authress $plain $key", "{1}", "InvalidApiUrl")]
    [InlineData("Connect-Authress $url $plain", "{0}", "ParameterArgumentTransformationError")]
    [InlineData("Connect-Authress $url -AccessToken $key", "{0}", "InvalidConnection")]
    public void Refuses_a_secret_in_the_wrong_place_without_showing_it(string script, string plain, string errorId)
    {
        string secret = string.Format(System.Globalization.CultureInfo.InvariantCulture, plain, _account.Server.AccessKey, MalformedKey("token"));
        _account.Shell.Set("plain", secret);
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("url", _account.Server.ApiUrl);
        ShellResult result = _account.Run(script);
        Assert.Equal(errorId, result.ErrorId);
        AssertHidden(secret, result.Errors[0]);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("a\\udc00b")]
    public void Refuses_a_token_whose_claim_is_not_text(string claim)
    {
        string token = $"{Base64Url("""{"alg":"EdDSA"}""")}.{Base64Url($$"""{"sub":"{{claim}}"}""")}.c2ln";
        _account.Shell.Set("token", Shell.Secret(token));
        AssertHidden(token, _account.Run($"Connect-Authress {_account.Server.ApiUrl} -AccessToken $token").Refused("InvalidConnection", ErrorCategory.InvalidArgument));
    }

    [Fact]
    public void Accepts_a_key_between_spaces_and_line_ends()
    {
        _account.Shell.Set("key", Shell.Secret($" \t{_account.Server.AccessKey}\r\n"));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Ok();
        Assert.Single(_account.Run("Get-AuthressServiceClient").Ok().Output);
    }

    [Theory]
    [MemberData(nameof(Connected))]
    public void Reports_a_missing_connection_and_sends_nothing(string cmdlet)
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

    // Test-AuthressAccessKey needs no connection: it knows its account's URL.
    public static TheoryData<string> Connected => [.. ExportedCommands.Connected.Select(row => row.Data).Where(name => name != "Test-AuthressAccessKey")];

    // Every part that is longer than an id.
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
            "assigned" => "AUTHRESS_KEY=" + good,
            "quoted" => $"\"{good}\"",
            "commented" => "# production\n" + good,
            "zero-width space" => "\u200B" + good,
            "empty" => string.Empty,
            "blank" => " \n ",
            "one part" => parts[3],
            "no private key" => $"{parts[0]}.{parts[1]}.{parts[2]}.",
            "cut short" => good[..^4],
            "not base64" => good.Insert(good.Length - 10, "!*"),
            "token" => $"{Base64Url("""{"alg":"EdDSA","typ":"at+jwt"}""")}.{Base64Url("""{"sub":"somebody-in-the-token"}""")}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(32))}",
            "legacy" => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"audience":"a.accounts.authress.io","clientId":"c","keyId":"k","privateKey":"{{parts[3]}}"}""")),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
