using System.Net.Http.Json;

namespace Authress.Bench.Server;

/// <summary>The canned server in a separate process.</summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private CannedServer(ChildProcess process, Uri url)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = url };
    }

    public Uri Url { get; }

    public static async Task<CannedServer> StartAsync(CancellationToken cancellationToken)
    {
        ChildProcess process = ChildProcess.StartSelf(["server"], new Dictionary<string, string>());
        return new CannedServer(process, new Uri(await process.ReadLineAsync(cancellationToken)));
    }

    /// <summary>Applies the settings, and resets the counts.</summary>
    public async Task SetAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync("/_bench/settings", settings, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task<ServerCounts> CountsAsync(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<ServerCounts>("/_bench/counts", cancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
