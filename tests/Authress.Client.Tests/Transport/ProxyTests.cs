using System.Net;
using Authress.Client.AccessKeys;

namespace Authress.Client.Tests.Transport;

/// <summary>What a proxy is shown: never the token, but where both it and the API are on this machine.</summary>
public class ProxyTests
{
    [Fact]
    public async Task An_https_request_uses_a_tunnel_and_does_not_show_the_proxy_its_token()
    {
        Assert.SkipWhen(TestApi.IsOnMono, "Mono takes a proxy's refusal to open a tunnel for the API's answer.");
        await using ScriptedServer proxy = ScriptedServer.Start(ScriptedResponse.Empty(403));
        using AuthressApi api = Connect(new Uri("https://login.example.invalid"), proxy.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal((ApiFailure.ConnectionFailed, false), (error.Failure, error.OutcomeUnknown));
        Assert.NotEmpty(proxy.Requests);
        Assert.All(proxy.Requests, request =>
        {
            Assert.Equal("CONNECT", request.Method);
            Assert.Empty(request.Headers["Authorization"]);
            Assert.DoesNotContain("eyJ", string.Concat(request.Headers.SelectMany(header => header)) + request.Target + request.Body, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_plain_http_request_does_not_use_a_proxy_on_another_machine()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));

        // A documentation address (RFC 5737), which never responds.
        using AuthressApi api = Connect(server.Url, new Uri("http://203.0.113.1:3128"));
        Assert.Equal(200, (await api.ProbeAsync(default)).StatusCode);
        Assert.StartsWith("/v1/clients", server.Requests[0].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_http_request_uses_a_proxy_on_this_machine()
    {
        Assert.SkipWhen(TestApi.IsOnMono, "Mono asks no proxy for an address of this machine.");
        await using ScriptedServer proxy = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));
        using AuthressApi api = Connect(new Uri("http://127.0.0.1:1"), proxy.Url);
        Assert.Equal(200, (await api.ProbeAsync(default)).StatusCode);
        Assert.StartsWith("http://127.0.0.1:1/v1/clients", proxy.Requests[0].Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("word-of-the-proxy", "word-of-the-proxy")]
    [InlineData("word%20of%2Fthe%40proxy", "word of/the@proxy")]
    [InlineData("word:of:the:proxy", "word:of:the:proxy")]
    public async Task A_password_in_a_proxys_URL_reaches_the_proxy_and_no_exception(string inUrl, string password)
    {
        Assert.SkipWhen(TestApi.IsOnMono, "Mono takes a proxy's refusal to open a tunnel for the API's answer.");
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(407, "Proxy-Authenticate: Basic realm=proxy"));
        Uri withPassword = new($"http://bob:{inUrl}@127.0.0.1:{server.Url.Port}");
        using AuthressApi api = Connect(new Uri("https://login.example.invalid"), new EnvironmentProxy(withPassword, new NetworkCredential("bob", password)));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal(ApiFailure.ConnectionFailed, error.Failure);
        Assert.DoesNotContain(inUrl, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(password, error.ToString(), StringComparison.Ordinal);
        string sent = "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("bob:" + password));
        Assert.Contains(server.Requests, request => request.Headers["Proxy-Authorization"].Contains(sent));
    }

    [Fact]
    public async Task An_exception_of_a_handler_shows_no_credential()
    {
        string key = TestApi.NewAccessKey();
        using AuthressApi api = new(new AuthressApiOptions
        {
            ApiUrl = new Uri("https://login.example.invalid"),
            AccessKey = AccessKeyCredential.Parse(key),
            MaximumRetryCount = 0,
            Handler = _ => new ThrowingHandler($"Through http://bob:word@proxy.example.com with {key} nothing came."),
        });
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.NotNull(error.InnerException);
        Assert.Contains("proxy.example.com", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("word", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('.')[3], error.ToString(), StringComparison.Ordinal);
    }

    private static AuthressApi Connect(Uri url, Uri proxy) => Connect(url, new WebProxy(proxy));

    private static AuthressApi Connect(Uri url, IWebProxy proxy) => new(new AuthressApiOptions
    {
        ApiUrl = url,
        AccessKey = AccessKeyCredential.Parse(TestApi.NewAccessKey()),
        MaximumRetryCount = 0,
        Timeout = TimeSpan.FromSeconds(20),
        Proxy = proxy,
    });

    /// <summary>A proxy as .NET makes it from HTTPS_PROXY: its URL still has the user name and password.</summary>
    private sealed class EnvironmentProxy(Uri url, NetworkCredential credential) : IWebProxy
    {
        public ICredentials? Credentials { get; set; } = new CredentialCache { { url, "Basic", credential } };

        public Uri GetProxy(Uri destination) => url;

        public bool IsBypassed(Uri host) => false;
    }

    private sealed class ThrowingHandler(string message) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("It failed.", new IOException(message));
    }
}
