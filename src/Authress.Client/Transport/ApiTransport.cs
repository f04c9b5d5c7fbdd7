using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Json;
using Authress.Client.Tokens;

namespace Authress.Client.Transport;

/// <summary>
/// Sends signed requests and turns every failure into an <see cref="AuthressApiException"/>. Puts the parts together: the
/// retry policy runs attempts, and each attempt passes the concurrency limiter, the sender and its response reader.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private readonly bool _readOnly;
    private readonly ITokenSource _tokens;
    private readonly RetryPolicy _retryPolicy;
    private readonly AdaptiveConcurrencyLimiter _limiter;
    private readonly RequestSender _sender;

    public ApiTransport(AuthressApiOptions options, ITokenSource tokens)
    {
        _readOnly = options.ReadOnly;
        _tokens = tokens;
        _retryPolicy = new RetryPolicy(options);
        _limiter = new AdaptiveConcurrencyLimiter(options.Time, options.MaximumRetryWait);
        _sender = new RequestSender(options, Clock);
    }

    /// <summary>The server's clock, set by every response.</summary>
    public ServerClock Clock { get; } = new();

    /// <summary>Signs a token and loads the JSON reader in the background, since both are slow the first time.</summary>
    public void WarmUp() => Task.Run(LoadTokenAndReader).ContinueWith(
        // The first request meets the same failure and reports it.
        static task => _ = task.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Sends a request whose response body doesn't matter.</summary>
    public Task<ApiResponse<object>> SendAsync(ApiRequest request, Invocation invocation, CancellationToken cancellationToken) =>
        SendAsync<object>(request, null, invocation, cancellationToken);

    /// <summary>Sends a request, with retries.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">The type of a successful body; null if its content doesn't matter.</param>
    /// <param name="invocation">The caller's callbacks and stop signal.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <param name="attempt">Makes one attempt; null to send the request as it is.</param>
    /// <exception cref="AuthressApiException">The request failed, or its response can't be used.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<ApiResponse<T>> SendAsync<T>(
        ApiRequest request, JsonTypeInfo<T>? type, Invocation invocation, CancellationToken cancellationToken, Func<RetryContext, Task<Attempt>>? attempt = null)
        where T : class
    {
        ThrowIfReadOnly(request);
        RetryContext context = new(request, invocation, cancellationToken);
        Attempt last = await _retryPolicy.RunAsync(context, attempt ?? (current => AttemptAsync(current, request, type))).ConfigureAwait(false);
        if (!RetryPolicy.IsSuccess(context, last))
            throw ApiErrors.From(context, last);
        ApiResponse<T> response = (ApiResponse<T>)last.Response!;
        response.Attempts = context.SentCount;
        return response;
    }

    /// <summary>Refuses a change over a read-only connection. An operation that reads first calls this before it reads.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="AuthressApiException">The connection is read-only, and the request changes something.</exception>
    public void ThrowIfReadOnly(ApiRequest request)
    {
        if (_readOnly && !request.IsRead)
            throw ApiErrors.ReadOnly(request);
    }

    /// <summary>Makes one attempt. After a 401 it renews the token and sends again, once for each request: the token may be stale.</summary>
    /// <param name="context">The state of the request that the attempt belongs to.</param>
    /// <param name="request">The request to send.</param>
    /// <param name="type">The type of a successful body; null if its content doesn't matter.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled or stopped.</exception>
    public async Task<Attempt> AttemptAsync<T>(RetryContext context, ApiRequest request, JsonTypeInfo<T>? type)
        where T : class
    {
        while (true)
        {
            context.ThrowIfStopped();
            string? token = request.IsAnonymous ? null : _tokens.GetToken();
            if (!_limiter.TryEnter())
                await WaitForTurnAsync(context).ConfigureAwait(false);
            Attempt? attempt = null;
            try
            {
                attempt = await _sender.SendAsync(context, request, token, type).ConfigureAwait(false);
            }
            finally
            {
                ApiResponse? response = attempt?.Response ?? attempt?.PartialResponse;
                _limiter.Leave(response?.Status, response?.RetryAfter);
            }

            if (attempt.Status != HttpStatusCode.Unauthorized || token is null || context.TokenRenewed || !_tokens.TryRenew(token))
                return attempt;
            context.TokenRenewed = true;
        }
    }

    public void Dispose()
    {
        _sender.Dispose();
        _limiter.Dispose();
    }

    private async Task WaitForTurnAsync(RetryContext context)
    {
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, context.Invocation.Stopping);
        await _limiter.EnterAsync(stopped.Token).ConfigureAwait(false);
    }

    private void LoadTokenAndReader()
    {
        _tokens.GetToken();
        JsonSerializer.Deserialize("{}"u8, AuthressJsonContext.Default.ServiceClientJson);
    }
}
