using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Requests;

namespace Authress.Client.Tests.Transport;

/// <summary>An emulator of a test's own, and the client connected to it as its administrator.</summary>
internal sealed class ApiSession : IAsyncDisposable
{
    private ApiSession(EmulatorServer server, int retries, TimeProvider? time, TimeSpan? timeout)
    {
        Server = server;
        Api = TestApi.Connect(server.ApiUrl, server.AccessKey, timeout, retries: retries, time: time);
    }

    public EmulatorServer Server { get; }

    public AuthressApi Api { get; }

    /// <summary>What was sent, each as <c>GET /v1/clients</c>.</summary>
    public IEnumerable<string> Sent => Server.Requests.Select(request => $"{request.Method} {request.Target}");

    /// <summary>The request that was sent last.</summary>
    public RequestRecord LastRequest => Server.Requests[^1];

    /// <summary>The body of the update that was sent last.</summary>
    public JsonObject LastUpdate => JsonNode.Parse(Server.Requests.Last(request => request.Method == "PUT").Body)!.AsObject();

    public static async Task<ApiSession> StartAsync(EmulatorOptions? options = null, int retries = 5, TimeProvider? time = null, TimeSpan? timeout = null) =>
        new(await EmulatorServer.StartAsync(options), retries, time, timeout);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Server.DisposeAsync();
    }
}
