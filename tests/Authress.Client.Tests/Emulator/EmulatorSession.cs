using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Emulator;

namespace Authress.Client.Tests.Emulator;

/// <summary>An emulator of a test's own, spoken to in plain HTTP as its administrator.</summary>
internal sealed class EmulatorSession : IAsyncDisposable
{
    private readonly HttpClient _http;

    private EmulatorSession(EmulatorServer server, DateTimeOffset? now)
    {
        Server = server;
        Admin = new TokenForge(server.AccessKey);
        Token = Admin.Token(server.ApiUrl, now: now);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server.ApiUrl };
    }

    public EmulatorServer Server { get; }

    public TokenForge Admin { get; }

    public string Token { get; }

    public static async Task<EmulatorSession> StartAsync(EmulatorOptions? options = null) =>
        new(await EmulatorServer.StartAsync(options), options?.Clock.GetUtcNow());

    public Task<EmulatorResponse> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    public Task<EmulatorResponse> PostAsync(string path, string? json = null, string? token = null) => SendAsync(HttpMethod.Post, path, json, token);

    public Task<EmulatorResponse> PutAsync(string path, string json, string? token = null) => SendAsync(HttpMethod.Put, path, json, token);

    public Task<EmulatorResponse> DeleteAsync(string path, string? token = null) => SendAsync(HttpMethod.Delete, path, null, token);

    /// <param name="token">The bearer token; the administrator's where it is null, none at all where it is empty.</param>
    public async Task<EmulatorResponse> SendAsync(HttpMethod method, string path, string? json, string? token)
    {
        using HttpRequestMessage request = new(method, path);
        if (token != "")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new(response.StatusCode, body, response.Headers, response.Content.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}

internal sealed record EmulatorResponse(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Text(string member) => Json[member]?.GetValue<string>();
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
