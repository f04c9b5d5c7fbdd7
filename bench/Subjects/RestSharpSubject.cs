using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RestSharp;

namespace Authress.Bench.Subjects;

/// <summary>
/// RestSharp alone, called in its fastest way. The client library is based on it and can't be faster.
/// </summary>
internal sealed class RestSharpSubject : IBenchmarkSubject
{
    private static readonly CookieContainer NoCookies = new(capacity: 1, perDomainCapacity: 1, maxCookieSize: 1);

    private readonly RestClient _http;

    public RestSharpSubject(Uri url) => _http = new RestClient(
        new RestClientOptions(url) { FollowRedirects = false, Timeout = Timeout.InfiniteTimeSpan, UserAgent = null, ThrowOnAnyError = true },
        headers => headers.TryAddWithoutValidation("Authorization", "Bearer bench"))
    {
        AcceptedContentTypes = ["application/links+json"],
    };

    public string Version => "RestSharp " + typeof(RestClient).Assembly.GetName().Version!.ToString(3);

    public async Task<Outcome> RunAsync(BenchmarkJob job)
    {
        Measurement measurement = new();
        Tally tally = await InFlight.RunAsync(
            job,
            id => SendAsync(Method.Get, "v1/clients/" + id, null, BareJson.Default.BareClient),
            name => SendAsync(Method.Post, "v1/clients", NewClient(name), BareJson.Default.BareClient),
            id => SendAsync<BareClient>(Method.Delete, "v1/clients/" + id, null, null));
        return measurement.End(tally);
    }

    public void Dispose() => _http.Dispose();

    private static string NewClient(string name) =>
        JsonSerializer.Serialize(new BareNewClient(name, new Dictionary<string, string> { ["env"] = "bench" }), BareJson.Default.BareNewClient);

    private async Task SendAsync<T>(Method method, string path, string? body, JsonTypeInfo<T>? type)
        where T : class
    {
        RestRequest request = new(path, method) { CookieContainer = NoCookies };
        if (body is not null)
            request.AddStringBody(body, DataFormat.Json);
        using Stream? content = await _http.DownloadStreamAsync(request).ConfigureAwait(false);
        if (type is not null)
            await JsonSerializer.DeserializeAsync(content!, type).ConfigureAwait(false);
    }
}
