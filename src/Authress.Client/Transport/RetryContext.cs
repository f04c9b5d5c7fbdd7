namespace Authress.Client.Transport;

/// <summary>The state that all attempts of one request share.</summary>
/// <param name="request">The request that the caller wants sent.</param>
/// <param name="invocation">The caller's callbacks and stop signal.</param>
/// <param name="cancellationToken">Cancels all attempts, including one that is changing something.</param>
internal sealed class RetryContext(ApiRequest request, Invocation invocation, CancellationToken cancellationToken)
{
    public ApiRequest Request => request;

    public Invocation Invocation => invocation;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>How many times the request was sent, or was about to be.</summary>
    public int SentCount { get; private set; }

    /// <summary>Whether an attempt may have changed something although none succeeded. Never reset.</summary>
    public bool OutcomeUnknown { get; private set; }

    /// <summary>The last completed attempt.</summary>
    public Attempt? Last { get; private set; }

    /// <summary>Whether the token was renewed, which happens once at most.</summary>
    public bool TokenRenewed { get; set; }

    /// <summary>The total of all waits so far.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan NextWait { get; set; }

    /// <summary>Keeps the result of an attempt.</summary>
    public void Record(Attempt attempt, bool mayHaveActed)
    {
        Last = attempt;
        OutcomeUnknown |= mayHaveActed;
    }

    /// <summary>Counts a request that is about to be sent. A read before a repeated update doesn't count.</summary>
    public void Count(ApiRequest sent)
    {
        if (sent.Method == request.Method)
            SentCount++;
    }

    /// <exception cref="OperationCanceledException">The caller has cancelled or stopped.</exception>
    public void ThrowIfStopped()
    {
        cancellationToken.ThrowIfCancellationRequested();
        invocation.Stopping.ThrowIfCancellationRequested();
    }
}
