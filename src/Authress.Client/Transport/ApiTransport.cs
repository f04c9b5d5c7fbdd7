using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Json;
using Authress.Client.Tokens;
using RestSharp;

namespace Authress.Client.Transport;

/// <summary>
/// Sends signed requests with RestSharp and turns every failure into an <see cref="AuthressApiException"/>. Follows no
/// redirect: the token goes to the API's own origin and nowhere else.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const string Scheme = "Bearer ";

    // One for all, since RestSharp would make one for each request. It holds no cookie of more than a letter, and what it
    // holds is not sent either: see Exchange.
    private static readonly CookieContainer NoCookies = new(capacity: 1, perDomainCapacity: 1, maxCookieSize: 1);

    private readonly AuthressApiOptions _options;
    private readonly ITokenSource _tokens;
    private readonly RestClient _http;
    private readonly RetryPolicy _retries;
    private readonly AdaptiveConcurrencyLimiter _flow;
    private string? _authorization;

    public ApiTransport(AuthressApiOptions options, ITokenSource tokens)
    {
        _options = options;
        _tokens = tokens;
        _retries = new RetryPolicy(options);
        _flow = new AdaptiveConcurrencyLimiter(options.Time, options.MaximumRetryWait);
        _http = new RestClient(
            new RestClientOptions(options.ApiUrl)
            {
                FollowRedirects = false,
                CookieContainer = null,
                // Nothing is asked for in packed form, so that Content-Length tells how much there is to read.
                AutomaticDecompression = DecompressionMethods.None,
                Expect100Continue = false,
                Proxy = options.ApiUrl.Scheme == Uri.UriSchemeHttp ? new LoopbackProxy(options.Proxy ?? SystemProxy) : options.Proxy,
                ConfigureMessageHandler = options.Handler,
                // Of what went wrong on the way, that is; a status is an answer.
                ThrowOnAnyError = true,
                SetErrorExceptionOnUnsuccessfulStatusCode = false,
                // The time-out is kept here, so that it covers the body as well.
                Timeout = Timeout.InfiniteTimeSpan,
                UserAgent = null,
            },
            // What is the same for all requests is HttpClient's business: RestSharp gathers, compares and groups its own
            // headers anew for each request.
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

    /// <summary>The server's clock, set by every answer.</summary>
    public ServerClock Clock { get; } = new();

    /// <summary>Does in the background what takes long the first time, and a request needs after it has begun: a token, and what reads the answer.</summary>
    public void WarmUp() => Task.Run(GetReady).ContinueWith(
        // The first request meets the same failure, and there is somebody to be told.
        static ready => _ = ready.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Sends a request whose answer has no body that matters.</summary>
    public Task<ApiResponse<object>> SendAsync(ApiRequest request, Invocation invocation, CancellationToken cancellationToken) =>
        SendAsync<object>(request, null, invocation, cancellationToken);

    /// <summary>Sends a request, and again where that is safe and worth it.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="type">What a successful body is read into.</param>
    /// <param name="invocation">Who is told of it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="recheck">How to look before it is sent again when it may have been carried out; null to send it unseen.</param>
    /// <exception cref="AuthressApiException">The server said no, said nothing, or can't be understood.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ApiResponse<T>> SendAsync<T>(ApiRequest request, JsonTypeInfo<T>? type, Invocation invocation, CancellationToken cancellationToken, Recheck<T>? recheck = null)
        where T : class
    {
        if (_options.ReadOnly && !request.IsRead)
            throw ApiErrors.ReadOnly(request);
        Call<T> call = new(this, request, type, recheck, invocation, _options.Timeout, cancellationToken);
        Attempt attempt = await call.TryAsync().ConfigureAwait(false);
        if (!attempt.IsUsable && !request.SkipRetries)
            attempt = await _retries.GoOnAsync(attempt).ConfigureAwait(false);
        return call.Conclude(attempt);
    }

    /// <summary>Tries once; signs anew and sends once more on a 401, as the key may be fine and the token stale.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<Attempt> TryAsync<T>(Call call, ApiRequest request, JsonTypeInfo<T>? type)
        where T : class
    {
        call.ThrowIfGivenUp();
        string? token = request.IsAnonymous ? null : _tokens.GetToken();
        CancellationToken stopping = request.IsRead && call.Invocation.Stopping != call.CancellationToken ? call.Invocation.Stopping : CancellationToken.None;
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, stopping);
        using Exchange<T> exchange = new(request, token is null ? null : Authorization(token), type, _options.MaximumResponseBytes, _options.Now, timeout.Token);
        RestRequest message = Compose(request, exchange);
        if (!_flow.TryEnter())
            await WaitForTurnAsync(call).ConfigureAwait(false);
        long started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            call.Count(request);
            timeout.CancelAfter(_options.Timeout);
            await _http.DownloadStreamAsync(message, timeout.Token).ConfigureAwait(false);
            await exchange.ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ObjectDisposedException || timeout.IsCancellationRequested)
        {
            // A client that was disposed sends nothing, and nothing is known of a connection.
            failure = e;
        }
        finally
        {
            _flow.Leave(exchange.Answer?.Status, exchange.Answer?.RetryAfter);
            Clock.Note(exchange.Answer);
            TimeSpan duration = TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - started) / (double)Stopwatch.Frequency);
            call.Invocation.Log?.Invoke(new RequestRecord(request.Method.Method, "/" + request.Path, (int?)exchange.Answer?.Status, duration, exchange.Answer?.RequestId));
        }

        if (failure is null)
        {
            if (exchange.Answer!.Status == HttpStatusCode.Unauthorized && token is not null && !call.Renewed && _tokens.TryRenew(token))
            {
                call.Renewed = true;
                exchange.Dispose();
                return await TryAsync(call, request, type).ConfigureAwait(false);
            }

            return call.Note(new Attempt(call, request, AttemptOutcome.Responded) { Answer = exchange.Answer });
        }

        call.CancellationToken.ThrowIfCancellationRequested();
        stopping.ThrowIfCancellationRequested();
        AttemptOutcome delivery = timeout.IsCancellationRequested ? AttemptOutcome.TimedOut
            : exchange.Answer is not null ? AttemptOutcome.ConnectionLost
            : ConnectionFailure.Classify(failure);
        return call.Note(new Attempt(call, request, delivery) { AnswerBegun = exchange.Answer is not null, Cause = failure });
    }

    public void Dispose()
    {
        _http.Dispose();
        _flow.Dispose();
    }

    // The same for a day, and too long a text to put together for every request.
    private string Authorization(string token)
    {
        string? last = _authorization;
        return last is not null && last.Length == Scheme.Length + token.Length && last.EndsWith(token, StringComparison.Ordinal) ? last : _authorization = Scheme + token;
    }

    private void GetReady()
    {
        _tokens.GetToken();
        JsonSerializer.Deserialize("{}"u8, AuthressJsonContext.Default.ServiceClientJson);
    }

    private async Task WaitForTurnAsync(Call call)
    {
        using CancellationTokenSource givingUp = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.Invocation.Stopping);
        await _flow.EnterAsync(givingUp.Token).ConfigureAwait(false);
    }

    private static RestRequest Compose<T>(ApiRequest request, Exchange<T> exchange)
        where T : class
    {
        RestRequest message = new(request.Path, ToRestSharp(request.Method))
        {
            CompletionOption = HttpCompletionOption.ResponseHeadersRead,
            CookieContainer = NoCookies,
            Interceptors = [exchange],
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
        _ => throw new ArgumentOutOfRangeException(nameof(method), method.Method, "No such method is used."),
    };
}
