using Authress.Client.Connections;

namespace Authress.Client.Tests.Connections;

public class ApiUrlTests
{
    [Theory]
    [InlineData("https://login.example.com", "https://login.example.com/")]
    [InlineData("https://login.example.com/", "https://login.example.com/")]
    [InlineData("  https://login.example.com  ", "https://login.example.com/")]
    [InlineData("HTTPS://LOGIN.Example.COM", "https://login.example.com/")]
    [InlineData("https://login.example.com:8443", "https://login.example.com:8443/")]
    [InlineData("https://login.example.com:443", "https://login.example.com/")]
    [InlineData("login.example.com", "https://login.example.com/")]
    [InlineData("login.example.com:8443/", "https://login.example.com:8443/")]
    [InlineData("192.168.1.5", "https://192.168.1.5/")]
    [InlineData("localhost", "http://localhost/")]
    [InlineData("localhost:8888", "http://localhost:8888/")]
    [InlineData("LOCALHOST:8888", "http://localhost:8888/")]
    [InlineData("127.0.0.1:8888", "http://127.0.0.1:8888/")]
    [InlineData("127.1.2.3", "http://127.1.2.3/")]
    [InlineData("[::1]:8888", "http://[::1]:8888/")]
    [InlineData("[::1]", "http://[::1]/")]
    [InlineData("http://localhost:8888", "http://localhost:8888/")]
    [InlineData("http://loopback", "http://localhost/")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1/")]
    [InlineData("http://[::1]:9/", "http://[::1]:9/")]
    [InlineData("https://localhost:8443", "https://localhost:8443/")]
    public void Parses_a_URL_as_users_write_it(string text, string expected) =>
        Assert.Equal(expected, ApiUrl.Parse(text).AbsoluteUri);

    [Theory]
    [InlineData("http://login.example.com")]
    [InlineData("http://login.example.com:80")]
    [InlineData("http://192.168.1.5")]
    [InlineData("http://10.0.0.1:8888")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://127.0.0.1.example.com")]
    [InlineData("http://0.0.0.0")]
    public void Refuses_plain_http_to_any_other_machine(string text) =>
        Assert.Throws<FormatException>(() => ApiUrl.Parse(text));

    [Theory]
    [InlineData("https://login.example.com/v1")]
    [InlineData("https://login.example.com//")]
    [InlineData("login.example.com/v1/clients")]
    [InlineData("localhost:8888/v1")]
    [InlineData("https://login.example.com?x=1")]
    [InlineData("https://login.example.com/?x=1")]
    [InlineData("https://login.example.com#top")]
    [InlineData("https://user@login.example.com")]
    [InlineData("https://user:word@login.example.com")]
    [InlineData("user:word@login.example.com")]
    [InlineData("user@localhost:8888")]
    public void Refuses_more_than_scheme_host_and_port(string text) =>
        Assert.Throws<FormatException>(() => ApiUrl.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("https://")]
    [InlineData("://login.example.com")]
    [InlineData("ftp://login.example.com")]
    [InlineData("ftp://localhost")]
    [InlineData("ws://localhost")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file://localhost/etc")]
    [InlineData("https://login example.com")]
    [InlineData("https://login.example.com:99999")]
    [InlineData("https://login.example.com:x")]
    [InlineData("https://[::1")]
    [InlineData("https:/login.example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("what is this")]
    [InlineData("a\nb")]
    [InlineData(@"\\server\share")]
    public void Refuses_what_is_not_a_URL(string text) =>
        Assert.Throws<FormatException>(() => ApiUrl.Parse(text));

    [Fact]
    public void Refuses_credentials_without_repeating_them()
    {
        FormatException refusal = Assert.Throws<FormatException>(() => ApiUrl.Parse("https://someone:hunter2hunter2@login.example.com"));
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_path_behind_credentials_without_repeating_them()
    {
        FormatException refusal = Assert.Throws<FormatException>(() => ApiUrl.Parse("https://someone:hunter2hunter2@login.example.com/v1?x=1"));
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }
}
