using System.Net;
using Polly;
using Polly.Retry;

namespace Authress.Client.Transport;

/// <summary>
/// Decides which requests are sent again, after which failures, how often, and after which wait. Reads, PUT and DELETE are
/// sent again; any other request only if the server can't have acted on it.
/// </summary>
internal sealed class RetryPolicy
{
    private const double FirstWait = 0.2;
    private const double WaitFactor = 2;

    // After a 429 there is often room within milliseconds, so these waits start short and grow fast.
    private const double FirstWaitAfterTooManyRequests = 0.02;
    private const double WaitFactorAfterTooManyRequests = 4;

    private const double LongestWait = 8;

    private const HttpStatusCode TooManyRequests = (HttpStatusCode)429;

    private static readonly ResiliencePropertyKey<RetryContext> ContextKey = new(nameof(RetryContext));

    private readonly int _maximumCount;
    private readonly TimeSpan _maximumWait;
    private readonly Lazy<ResiliencePipeline<Attempt>> _pipeline;

    /// <exception cref="ArgumentException">A bound is negative.</exception>
    public RetryPolicy(AuthressApiOptions options)
    {
        if (options.MaximumRetryCount < 0 || options.MaximumRetryWait < TimeSpan.Zero)
            throw new ArgumentException("The number of retries and the wait for them can't be negative.", nameof(options));
        _maximumCount = options.MaximumRetryCount;
        _maximumWait = options.MaximumRetryWait;

        // Most sessions never retry and never load Polly.
        _pipeline = new Lazy<ResiliencePipeline<Attempt>>(() => BuildPipeline(options.Time));
    }

    /// <summary>Runs attempts until one succeeds or another isn't allowed.</summary>
    /// <param name="context">The request and its state.</param>
    /// <param name="attempt">Makes one attempt. Its result counts as the request's result so far.</param>
    /// <returns>The last attempt.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled, or stopped while nothing can have changed.</exception>
    public async Task<Attempt> RunAsync(RetryContext context, Func<RetryContext, Task<Attempt>> attempt)
    {
        Attempt first = await attempt(context).ConfigureAwait(false);
        Record(context, first);
        if (_maximumCount == 0 || WaitAfter(context, first, failures: 1) is null)
            return first;
        CancellationToken stopping = context.Invocation.Stopping;
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        ResilienceContext resilience = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, stopped.Token);
        resilience.Properties.Set(ContextKey, context);
        try
        {
            return await _pipeline.Value.ExecuteAsync(static (_, attempts) => attempts.NextAsync(), resilience, new AttemptSequence(context, first, attempt)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.OutcomeUnknown && stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            // Nothing is in flight any more. The unknown outcome matters more than the stop.
            return context.Last!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(resilience);
        }
    }

    /// <summary>Whether the last attempt completes the request.</summary>
    public static bool IsSuccess(RetryContext context, Attempt last) => last.IsUsable || IsDeletedEarlier(context, last);

    // A 404 after an ambiguous deletion means that the earlier attempt deleted the object. A page of HTML isn't the API's 404; a
    // body that broke off doesn't change the status.
    private static bool IsDeletedEarlier(RetryContext context, Attempt last) =>
        context.OutcomeUnknown && last.Request.Method == HttpMethod.Delete && last.Status == HttpStatusCode.NotFound && last.Response!.BodyFailure is null or IOException or HttpRequestException;

    private static bool ShouldRetry(ApiRequest request, Attempt attempt) => !request.SkipRetries && !attempt.IsUsable && attempt.Outcome switch
    {
        AttemptOutcome.NotSent => true,
        AttemptOutcome.TimedOut or AttemptOutcome.ConnectionLost => IsIdempotent(request),
        AttemptOutcome.Responded => attempt.Status == TooManyRequests || (IsIdempotent(request) && IsTransient(attempt.Status!.Value)),
        _ => false,
    };

    private static bool IsIdempotent(ApiRequest request) => request.IsRead || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete;

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // A server or gateway that failed may have acted first; one that refused did not. A success with an unreadable body did.
    private static bool MayHaveActed(Attempt attempt) => !attempt.Request.IsRead && !attempt.IsUsable && attempt.Outcome switch
    {
        AttemptOutcome.TimedOut or AttemptOutcome.ConnectionLost => true,
        AttemptOutcome.Responded => attempt.Response!.IsSuccess || (int)attempt.Status! >= 500 || attempt.Status == HttpStatusCode.RequestTimeout,
        _ => false,
    };

    private static void Record(RetryContext context, Attempt attempt) => context.Record(attempt, MayHaveActed(attempt));

    /// <summary>How long to wait after a failure; null if it isn't retried or the wait would exceed the bound.</summary>
    private TimeSpan? WaitAfter(RetryContext context, Attempt attempt, int failures)
    {
        if (!ShouldRetry(context.Request, attempt))
            return null;
        TimeSpan wait = attempt.Response?.RetryAfter is { } requested && requested > TimeSpan.Zero ? requested : Backoff(attempt.Status, failures);
        return wait <= _maximumWait - context.Waited ? wait : null;
    }

    // Exponential, between half of it and all, so that callers that failed together don't retry together.
    private static TimeSpan Backoff(HttpStatusCode? status, int failures)
    {
        double seconds = status == TooManyRequests
            ? FirstWaitAfterTooManyRequests * Math.Pow(WaitFactorAfterTooManyRequests, failures - 1)
            : FirstWait * Math.Pow(WaitFactor, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait) * (0.5 + (Jitter.Next() / 2)));
    }

    private ResiliencePipeline<Attempt> BuildPipeline(TimeProvider time) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = _maximumCount,
                ShouldHandle = arguments =>
                {
                    RetryContext context = arguments.Context.Properties.GetValue(ContextKey, null!);
                    if (arguments.Outcome.Result is not { } attempt || WaitAfter(context, attempt, arguments.AttemptNumber + 1) is not { } wait)
                        return new ValueTask<bool>(false);
                    context.NextWait = wait;
                    return new ValueTask<bool>(true);
                },
                DelayGenerator = static arguments => new ValueTask<TimeSpan?>(arguments.Context.Properties.GetValue(ContextKey, null!).NextWait),
                OnRetry = static arguments =>
                {
                    RetryContext context = arguments.Context.Properties.GetValue(ContextKey, null!);
                    context.Waited += context.NextWait;
                    context.Invocation.Retrying?.Invoke(new RetryRecord(
                        context.Request.Method.Method, "/" + context.Request.Path, arguments.AttemptNumber + 2, arguments.Outcome.Result!.Reason, context.NextWait));
                    return default;
                },
            })
            .Build();

    /// <summary>Makes the attempts for Polly. The first one was made before Polly was loaded.</summary>
    private sealed class AttemptSequence(RetryContext context, Attempt first, Func<RetryContext, Task<Attempt>> attempt)
    {
        private Attempt? _first = first;

        public async ValueTask<Attempt> NextAsync()
        {
            if (_first is { } made)
            {
                _first = null;
                return made;
            }

            Attempt next = await attempt(context).ConfigureAwait(false);
            Record(context, next);
            return next;
        }
    }
}
