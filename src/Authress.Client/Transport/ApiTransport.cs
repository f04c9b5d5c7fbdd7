using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Tokens;
using RestSharp;

namespace Authress.Client.Transport;

/// <summary>
/// Sends signed requests with RestSharp and turns every failure into an <see cref="AuthressApiException"/>. Follows no
/// redirect: the token goes to the API's own origin and nowhere else.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private readonly AuthressApiOptions _options;
    private readonly ITokenSource _tokens;
    private readonly RestClient _http;
    private readonly CancellationToken _stopping;

    public ApiTransport(AuthressApiOptions options, ITokenSource tokens)
    {
        _options = options;
        _tokens = tokens;
        _http = new RestClient(
            new RestClientOptions(options.ApiUrl)
            {
                FollowRedirects = false,
                CookieContainer = null,
                Expect100Continue = false,
                Proxy = options.Proxy,
                ThrowOnAnyError = false,
                // The time-out is kept here, so that it covers the body as well.
                Timeout = Timeout.InfiniteTimeSpan,
                UserAgent = $"Authress SDK; PowerShell; {AuthressApiOptions.Version}; {options.UserAgentSuffix}",
            },
            configureDefaultHeaders: null,
            configureSerialization: null);
        _http.AddDefaultHeader("Cache-Control", "no-cache");
    }

    private ApiTransport(ApiTransport whole, CancellationToken stopping)
    {
        _options = whole._options;
        _tokens = whole._tokens;
        _http = whole._http;
        _stopping = stopping;
    }

    /// <summary>The same transport, which begins nothing and gives up reading once it is told to stop.</summary>
    public ApiTransport StoppedBy(CancellationToken stopping) => new(this, stopping);

    /// <summary>Sends a request whose answer has no body that matters.</summary>
    public Task<ApiAnswer<object>> SendAsync(ApiRequest request, Action<RequestRecord>? log, CancellationToken cancellationToken) =>
        SendAsync<object>(request, null, log, cancellationToken);

    /// <summary>Sends a request; signs anew and once more on a 401, as the key may be fine and the token stale.</summary>
    /// <exception cref="AuthressApiException">The server said no, said nothing, or can't be understood.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ApiAnswer<T>> SendAsync<T>(ApiRequest request, JsonTypeInfo<T>? type, Action<RequestRecord>? log, CancellationToken cancellationToken)
        where T : class
    {
        if (_options.ReadOnly && !request.IsRead)
            throw ApiErrors.ReadOnly(request);
        string token = _tokens.GetToken();
        ApiAnswer<T> answer = await SendOnceAsync(request, type, token, log, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.Unauthorized && _tokens.TryRenew(token))
            answer = await SendOnceAsync(request, type, _tokens.GetToken(), log, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw ApiErrors.FromStatus(request, answer);
        if (answer.BodyFailure is not null || (type is not null && answer.Value is null && !request.MayBeEmpty))
            throw ApiErrors.FromBody(request, answer);
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer<T>> SendOnceAsync<T>(ApiRequest request, JsonTypeInfo<T>? type, string token, Action<RequestRecord>? log, CancellationToken cancellationToken)
        where T : class
    {
        _stopping.ThrowIfCancellationRequested();
        using CancellationTokenSource givingUp = request.IsRead
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(givingUp.Token);
        timeout.CancelAfter(_options.Timeout);
        AnswerReader<T> reader = new(type, _options.MaximumResponseBytes, _options.Now, timeout.Token);
        RestRequest message = Compose(request, token, reader);
        long started = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            RestResponse response = await _http.ExecuteAsync(message, timeout.Token).ConfigureAwait(false);
            failure = reader.Broken?.SourceException ?? (reader.Answer is null ? response.ErrorException : null);
        }
        catch (OperationCanceledException e)
        {
            failure = e;
        }
        finally
        {
            TimeSpan duration = TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - started) / (double)Stopwatch.Frequency);
            log?.Invoke(new RequestRecord(request.Method.Method, "/" + request.Path, (int?)reader.Answer?.Status, duration, reader.Answer?.RequestId));
        }

        if (failure is null && reader.Answer is not null)
            return reader.Answer;
        givingUp.Token.ThrowIfCancellationRequested();
        throw timeout.IsCancellationRequested
            ? ApiErrors.TimedOut(request, _options.Timeout, reader.Answer is not null, failure)
            : ApiErrors.ConnectionFailed(request, WasNeverSent(failure), reader.Answer is not null, failure);
    }

    private static RestRequest Compose<T>(ApiRequest request, string token, AnswerReader<T> reader)
        where T : class
    {
        RestRequest message = new(request.Path, ToRestSharp(request.Method))
        {
            CompletionOption = HttpCompletionOption.ResponseHeadersRead,
            Interceptors = request.IsRead ? [reader] : [SentOnce.Instance, reader],
            // The reader has already read the body; without this RestSharp would buffer what is left of it.
            AdvancedResponseWriter = static (_, answered) => new RestResponse(answered),
        };
        message.AddHeader("Authorization", "Bearer " + token);
        message.AddHeader("Accept", "application/links+json");
        foreach (KeyValuePair<string, string> parameter in request.Query)
            message.AddQueryParameter(parameter.Key, parameter.Value, encode: true);
        foreach (KeyValuePair<string, string?> parameter in request.EncodedQuery)
            message.AddParameter(new QueryParameter(parameter.Key, parameter.Value, encode: false));
        if (request.Body is not null)
            message.AddBody(request.Body, ContentType.Json);
        return message;
    }

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

    // Whether the failure proves that the server never had the request.
    private static bool WasNeverSent(Exception? failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
#if NET
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError })
                return true;
#else
            if (e is WebException { Status: WebExceptionStatus.ConnectFailure or WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure or WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure })
                return true;
#endif
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.HostUnreachable or SocketError.NetworkUnreachable })
                return true;
        }

        return false;
    }
}
