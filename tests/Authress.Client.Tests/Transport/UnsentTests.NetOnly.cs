using System.Net;
using System.Net.Sockets;
using System.Text;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;
using Authress.Emulator;

namespace Authress.Client.Tests.Transport;

/// <summary>Which failures prove that a request was never sent.</summary>
/// <remarks>.NET Framework has other error codes and sockets.</remarks>
public class UnsentTests
{
    private static readonly Dictionary<string, Func<AuthressApi, Task>> Posts = new()
    {
        ["create"] = api => api.CreateServiceClientAsync(new ServiceClientChange(), default),
        ["create key"] = api => api.CreateAccessKeyAsync("sc_a", default),
        ["raw"] = api => api.SendAsync("POST", "/v1/users", "{}", default),
        ["raw without a body"] = api => api.SendAsync("POST", "/v1/users", null, default),
        ["patch"] = api => api.SendAsync("PATCH", "/v1/users", "{}", default),
    };

    public static TheoryData<string> Names => [.. Posts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_refused_connection_is_retried_whatever_the_request(string operation)
    {
        List<RetryRecord> reported = [];
        using AuthressApi connection = TestApi.Connect(new Uri($"http://127.0.0.1:{FreePort()}"), retries: 3);
        AuthressApi api = connection.ForInvocation(_ => { }, reported.Add, default);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Posts[operation](api));
        Assert.Equal((ApiFailure.ConnectionFailed, false, 4), (error.Failure, error.OutcomeUnknown, error.Attempts));
        Assert.All(reported, record => Assert.Equal("the connection was refused", record.Reason));
        Assert.Equal(3, reported.Count);
    }

    [Fact]
    public async Task A_creation_is_sent_once_when_the_server_comes_up_between_retries()
    {
        int port = FreePort();
        EmulatorServer? server = null;
        using CancellationTokenSource ignored = new();
        AuthressApi api = TestApi.Connect(new Uri($"http://127.0.0.1:{port}")).ForInvocation(
            _ => { },
            // Called before the wait, and so before the next attempt.
            _ => server ??= EmulatorServer.StartAsync(new EmulatorOptions { Port = port }).GetAwaiter().GetResult(),
            default);
        using (api)
        {
            // The emulator does not know the key: one attempt gets 401, and one more with a new token.
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateServiceClientAsync(new ServiceClientChange(), default));
            Assert.Equal((401, false, 3), (error.StatusCode, error.OutcomeUnknown, error.Attempts));
        }

        await server!.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_kept_connection_that_breaks_leaves_the_outcome_unknown(string operation)
    {
        // HttpClient would meet a refused connection here if it sent the request again by itself.
        await using OneConnectionServer server = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 3);
        await api.GetServiceClientAsync("sc_a", default);
        server.ListenNoMore();
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Posts[operation](api));
        Assert.Equal((ApiFailure.ConnectionFailed, true, 1), (error.Failure, error.OutcomeUnknown, error.Attempts));
        Assert.Equal(2, server.Requests);
    }

    [Theory]
    [InlineData("create", true)]
    [InlineData("create", false)]
    [InlineData("create key", true)]
    [InlineData("create key", false)]
    public async Task A_connection_that_breaks_after_the_request_leaves_the_outcome_unknown(string operation, bool reset)
    {
        await using OneConnectionServer server = new(answered: 0, reset);
        using AuthressApi api = TestApi.Connect(server.Url, retries: 3);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Posts[operation](api));
        Assert.Equal((true, 1), (error.OutcomeUnknown, error.Attempts));
        Assert.StartsWith("POST /v1/clients", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("raw")]
    public async Task A_host_that_does_not_exist_is_not_retried(string operation)
    {
        using AuthressApi api = TestApi.Connect(new Uri("https://authress.invalid"));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Posts[operation](api));
        Assert.Equal((ApiFailure.ConnectionFailed, false), (error.Failure, error.OutcomeUnknown));
        SocketException cause = Assert.IsType<SocketException>(error.GetBaseException());
        Assert.Equal(cause.SocketErrorCode == SocketError.TryAgain ? 6 : 1, error.Attempts);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, SocketError.ConnectionRefused, AttemptOutcome.NotSent)]
    [InlineData(HttpRequestError.NameResolutionError, SocketError.HostNotFound, AttemptOutcome.Unreachable)]
    [InlineData(HttpRequestError.NameResolutionError, SocketError.TryAgain, AttemptOutcome.NotSent)]
    [InlineData(HttpRequestError.ProxyTunnelError, SocketError.SocketError, AttemptOutcome.NotSent)]
    [InlineData(HttpRequestError.SecureConnectionError, SocketError.ConnectionReset, AttemptOutcome.NotSent)]
    [InlineData(HttpRequestError.Unknown, SocketError.ConnectionRefused, AttemptOutcome.ConnectionLost)]
    [InlineData(HttpRequestError.Unknown, SocketError.HostUnreachable, AttemptOutcome.ConnectionLost)]
    [InlineData(HttpRequestError.ResponseEnded, SocketError.ConnectionReset, AttemptOutcome.ConnectionLost)]
    [InlineData(HttpRequestError.InvalidResponse, SocketError.Success, AttemptOutcome.ConnectionLost)]
    public void Only_the_HTTP_librarys_own_error_code_proves_that_nothing_was_sent(HttpRequestError error, SocketError socket, object expected)
    {
        HttpRequestException failure = new(error, "it failed", new SocketException((int)socket));
        Assert.Equal(expected, ConnectionFailure.Classify(new InvalidOperationException("around", failure)));
    }

    [Fact]
    public void An_untrusted_certificate_is_permanent() => Assert.Equal(
        AttemptOutcome.Unreachable,
        ConnectionFailure.Classify(new HttpRequestException(HttpRequestError.SecureConnectionError, "it failed", new System.Security.Authentication.AuthenticationException())));

    [Fact]
    public void A_failure_without_a_cause_proves_nothing() => Assert.Equal(AttemptOutcome.ConnectionLost, ConnectionFailure.Classify(null));

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Accepts one connection, responds to a number of requests, and breaks it after reading the next one.</summary>
    private sealed class OneConnectionServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;
        private int _requests;

        public OneConnectionServer(int answered = 1, bool reset = false)
        {
            _listener.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
            _serving = ServeAsync(answered, reset);
        }

        public Uri Url { get; }

        public int Requests => Volatile.Read(ref _requests);

        public void ListenNoMore() => _listener.Stop();

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(int answered, bool reset)
        {
            using Socket socket = await _listener.AcceptSocketAsync();
            byte[] buffer = new byte[16_384];
            for (int i = 0; i <= answered; i++)
            {
                if (await socket.ReceiveAsync(buffer) == 0)
                    return;
                Interlocked.Increment(ref _requests);
                if (i < answered)
                    await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"clientId\":\"sc_a\"}"));
            }

            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }
}
