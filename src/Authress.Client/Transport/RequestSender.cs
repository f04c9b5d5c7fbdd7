using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using RestSharp;

namespace Authress.Client.Transport;

/// <summary>Sends a request once, with RestSharp, and reads its response. Follows no redirect, so that the token is sent only to the API's own origin.</summary>
internal sealed class RequestSender : IDisposable
{
    private const string Scheme = "Bearer ";

    // Shared, because RestSharp would otherwise create one for each request. It can hold no cookie longer than a character,
    // and the interceptor removes the Cookie header.
    private static readonly CookieContainer NoCookies = new(capacity: 1, perDomainCapacity: 1, maxCookieSize: 1);

    private readonly RestClient _http;
    private readonly ResponseReader _reader;
    private readonly ServerClock _clock;
    private readonly Func<DateTimeOffset> _now;
    private readonly TimeSpan _timeout;
    private string? _authorization;

    public RequestSender(AuthressApiOptions options, ServerClock clock)
    {
        _reader = new ResponseReader(options.MaximumResponseBytes);
        _clock = clock;
        _now = options.Now;
        _timeout = options.Timeout;
        _http = new RestClient(
            new RestClientOptions(options.ApiUrl)
            {
                FollowRedirects = false,
                CookieContainer = null,
                // Without compression, Content-Length is the size of what is read.
                AutomaticDecompression = DecompressionMethods.None,
                Expect100Continue = false,
                Proxy = new ApiProxy(options.Proxy ?? SystemProxy, onlyLoopback: options.ApiUrl.Scheme == Uri.UriSchemeHttp),
                ConfigureMessageHandler = options.Handler,
                // Throw on transport errors; a status is a response.
                ThrowOnAnyError = true,
                SetErrorExceptionOnUnsuccessfulStatusCode = false,
                // SendAsync enforces the time-out, so that it covers the body as well.
                Timeout = Timeout.InfiniteTimeSpan,
                UserAgent = null,
            },
            // HttpClient's default headers are cheaper than RestSharp's, which are grouped again for each request.
            configureDefaultHeaders: headers =>
            {
                headers.TryAddWithoutValidation("User-Agent", $"Authress SDK; PowerShell; {AuthressApiOptions.Version}; {options.UserAgentSuffix}");
                headers.TryAddWithoutValidation("Cache-Control", "no-cache");
            },
            configureSerialization: null)
        {
            AcceptedContentTypes = ["application/links+json"],
        };
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="context">The state of the request that the attempt belongs to.</param>
    /// <param name="request">The request to send.</param>
    /// <param name="token">The bearer token; null to send none.</param>
    /// <param name="type">The type of a successful body; null if its content doesn't matter.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled, or stopped a read.</exception>
    public async Task<Attempt> SendAsync<T>(RetryContext context, ApiRequest request, string? token, JsonTypeInfo<T>? type)
        where T : class
    {
        // A stop cancels reads. A change continues until its own token is cancelled, because cancelling makes its outcome unknown.
        CancellationToken stopping = request.IsRead && context.Invocation.Stopping != context.CancellationToken ? context.Invocation.Stopping : CancellationToken.None;
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        using RequestInterceptor<T> interceptor = new(request, token is null ? null : Authorization(token), _now);
        RestRequest message = Compose(request, interceptor);
        long started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            context.Count(request);
            timeout.CancelAfter(_timeout);
            await _http.DownloadStreamAsync(message, timeout.Token).ConfigureAwait(false);
            await _reader.ReadAsync(interceptor.Response!, type, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ObjectDisposedException || timeout.IsCancellationRequested)
        {
            // Not ObjectDisposedException: a disposed client sends nothing, so it is not a failure of the connection.
            failure = e;
        }
        finally
        {
            _clock.Set(interceptor.Response);
            TimeSpan duration = TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - started) / (double)Stopwatch.Frequency);
            context.Invocation.Log?.Invoke(new RequestRecord(request.Method.Method, "/" + request.Path, (int?)interceptor.Response?.Status, duration, interceptor.Response?.RequestId));
        }

        if (failure is null)
            return new Attempt(request, AttemptOutcome.Responded) { Response = interceptor.Response };
        context.CancellationToken.ThrowIfCancellationRequested();
        stopping.ThrowIfCancellationRequested();
        AttemptOutcome outcome = timeout.IsCancellationRequested ? AttemptOutcome.TimedOut
            : interceptor.Response is not null ? AttemptOutcome.ConnectionLost
            : ConnectionFailure.Classify(failure);
        return new Attempt(request, outcome) { PartialResponse = interceptor.Response, Cause = failure, Timeout = _timeout };
    }

    public void Dispose() => _http.Dispose();

    // A token is the same for a day, and the header too long to build for every request.
    private string Authorization(string token)
    {
        string? last = _authorization;
        return last is not null && last.Length == Scheme.Length + token.Length && last.EndsWith(token, StringComparison.Ordinal) ? last : _authorization = Scheme + token;
    }

    private static RestRequest Compose<T>(ApiRequest request, RequestInterceptor<T> interceptor)
        where T : class
    {
        RestRequest message = new(request.Path, ToRestSharp(request.Method))
        {
            CompletionOption = HttpCompletionOption.ResponseHeadersRead,
            CookieContainer = NoCookies,
            Interceptors = [interceptor],
        };
        foreach (KeyValuePair<string, string> parameter in request.Query)
            message.AddQueryParameter(parameter.Key, parameter.Value, encode: true);
        foreach (KeyValuePair<string, string?> parameter in request.EncodedQuery)
            message.AddParameter(new QueryParameter(parameter.Key, parameter.Value, encode: false));
        return message;
    }

    private static IWebProxy SystemProxy =>
#if NET
        HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy ?? new WebProxy();
#endif

    private static Method ToRestSharp(HttpMethod method) => method.Method switch
    {
        "GET" => Method.Get,
        "POST" => Method.Post,
        "PUT" => Method.Put,
        "DELETE" => Method.Delete,
        "PATCH" => Method.Patch,
        "HEAD" => Method.Head,
        "OPTIONS" => Method.Options,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method.Method, "The HTTP method is not supported."),
    };
}
