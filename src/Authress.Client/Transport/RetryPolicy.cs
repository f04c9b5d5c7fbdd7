using System.Net;
using Polly;
using Polly.Retry;

namespace Authress.Client.Transport;

/// <summary>
/// Which failures are worth another try, and how long to wait for it. The API's rules: what only reads, replaces or deletes
/// may be sent again; a POST only where the server can't have acted. Tries and waits are bounded and can be given up at any
/// moment.
/// </summary>
internal sealed class RetryPolicy
{
    private const double FirstWait = 0.2;
    // Short, for mostly the next moment has room, and what is written in order waits for it; then soon long, for it may not.
    private const double FirstWaitAfterTooMany = 0.02;
    private const double LongestWait = 8;

    private readonly int _maximumCount;
    private readonly TimeSpan _maximumWait;
    private readonly Lazy<ResiliencePipeline<Attempt>> _pipeline;

    /// <summary>The rules with these bounds.</summary>
    /// <exception cref="ArgumentException">A bound is less than nothing.</exception>
    public RetryPolicy(AuthressApiOptions options)
    {
        if (options.MaximumRetryCount < 0 || options.MaximumRetryWait < TimeSpan.Zero)
            throw new ArgumentException("The bounds of retries can't be less than nothing.", nameof(options));
        _maximumCount = options.MaximumRetryCount;
        _maximumWait = options.MaximumRetryWait;

        // Not before something fails: most sessions end without ever loading Polly.
        _pipeline = new Lazy<ResiliencePipeline<Attempt>>(() => BuildPipeline(options.Time));
    }

    /// <summary>Tries again until it is no longer worth it.</summary>
    /// <param name="first">The first try.</param>
    /// <returns>The last one.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up, and nothing can have been changed.</exception>
    public async Task<Attempt> GoOnAsync(Attempt first)
    {
        if (_maximumCount == 0 || WaitAfter(first, 1) is null)
            return first;
        Call call = first.Call;
        CancellationToken stopping = call.Invocation.Stopping;
        using CancellationTokenSource givingUp = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, stopping);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, givingUp.Token);
        try
        {
            return await _pipeline.Value.ExecuteAsync(static (_, state) => state.NextAsync(), context, new Series(first)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.InDoubt && stopping.IsCancellationRequested && !call.CancellationToken.IsCancellationRequested)
        {
            // Nothing is in flight any more; what may have been changed is told rather than that somebody gave up.
            return call.Last!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline<Attempt> BuildPipeline(TimeProvider time) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = _maximumCount,
                ShouldHandle = arguments =>
                {
                    if (arguments.Outcome.Result is not { } attempt || WaitAfter(attempt, arguments.AttemptNumber + 1) is not { } wait)
                        return new ValueTask<bool>(false);
                    attempt.Wait = wait;
                    return new ValueTask<bool>(true);
                },
                DelayGenerator = static arguments => new ValueTask<TimeSpan?>(arguments.Outcome.Result!.Wait),
                OnRetry = static arguments =>
                {
                    Attempt attempt = arguments.Outcome.Result!;
                    Call call = attempt.Call;
                    call.Waited += attempt.Wait;
                    call.Invocation.Retrying?.Invoke(new RetryRecord(call.Request.Method.Method, "/" + call.Request.Path, arguments.AttemptNumber + 2, attempt.Reason, attempt.Wait));
                    return default;
                },
            })
            .Build();

    /// <summary>How long to wait after a failed try; null where another is not worth it or would take too long.</summary>
    /// <param name="attempt">The try.</param>
    /// <param name="failures">How many have failed, this one included.</param>
    private TimeSpan? WaitAfter(Attempt attempt, int failures)
    {
        if (attempt.IsUsable || !IsWorthAnother(attempt))
            return null;
        TimeSpan wait = attempt.Answer?.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : OwnWait(attempt, failures);
        return wait <= _maximumWait - attempt.Call.Waited ? wait : null;
    }

    private static bool IsWorthAnother(Attempt attempt) => attempt.AttemptOutcome switch
    {
        AttemptOutcome.NotSent => true,
        AttemptOutcome.TimedOut or AttemptOutcome.ConnectionLost => attempt.Call.Request.IsIdempotent,
        AttemptOutcome.Responded => (int)attempt.Answer!.Status == 429 || (attempt.Call.Request.IsIdempotent && IsPassing(attempt.Answer.Status)),
        _ => false,
    };

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // Doubling, or after a 429 fourfold; between half of it and all, so that callers who failed together do not come back together.
    private static TimeSpan OwnWait(Attempt attempt, int failures)
    {
        bool tooMany = (int?)attempt.Status == 429;
        double seconds = tooMany ? FirstWaitAfterTooMany * Math.Pow(4, failures - 1) : FirstWait * Math.Pow(2, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait) * (0.5 + (Jitter.Next() / 2)));
    }

    /// <summary>The tries of a call as Polly makes them: the first has been made already.</summary>
    private sealed class Series(Attempt first)
    {
        private Attempt? _first = first;

        private readonly Call _call = first.Call;

        public ValueTask<Attempt> NextAsync()
        {
            if (_first is not { } made)
                return new ValueTask<Attempt>(_call.TryAsync());
            _first = null;
            return new ValueTask<Attempt>(made);
        }
    }
}
