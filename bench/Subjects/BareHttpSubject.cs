using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Authress.Bench.Subjects;

/// <summary>
/// The baseline: HttpClient with generated JSON and one constant token. No retries, no own time-outs, no kinds of errors.
/// </summary>
internal sealed class BareHttpSubject : IBenchmarkSubject
{
    private readonly HttpClient _http;

    public BareHttpSubject(Uri url)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bench");
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/links+json");
    }

    public string Version => RuntimeInformation.FrameworkDescription;

    public async Task<Outcome> RunAsync(BenchmarkJob job)
    {
        Measurement measurement = new();
        Tally tally = job.Operation == Operation.List
            ? new Tally(await ListAsync(measurement))
            : await InFlight.RunAsync(
                job,
                id => SendAsync(HttpMethod.Get, "v1/clients/" + id, null, BareJson.Default.BareClient),
                name => SendAsync(HttpMethod.Post, "v1/clients", NewClient(name), BareJson.Default.BareClient),
                id => SendAsync<BareClient>(HttpMethod.Delete, "v1/clients/" + id, null, null));
        return measurement.End(tally);
    }

    public void Dispose() => _http.Dispose();

    private static byte[] NewClient(string name) =>
        JsonSerializer.SerializeToUtf8Bytes(new BareNewClient(name, new Dictionary<string, string> { ["env"] = "bench" }), BareJson.Default.BareNewClient);

    private async Task<int> ListAsync(Measurement measurement)
    {
        int clients = 0;
        string? cursor = null;
        do
        {
            string path = cursor is null ? "v1/clients" : "v1/clients?cursor=" + cursor;
            BarePage page = (await SendAsync(HttpMethod.Get, path, null, BareJson.Default.BarePage).ConfigureAwait(false))!;
            cursor = page.Pagination?.Next?.Cursor;
            if (clients % StreamMeter.Interval == 0)
                measurement.Watch();
            clients += page.Clients.Count;
        }
        while (cursor is not null);
        return clients;
    }

    private async Task<T?> SendAsync<T>(HttpMethod method, string path, byte[]? body, JsonTypeInfo<T>? type)
        where T : class
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        if (type is null)
            return response.StatusCode == HttpStatusCode.NoContent ? null : throw new InvalidDataException("A response body where none is expected.");
        using Stream content = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync(content, type).ConfigureAwait(false);
    }
}
