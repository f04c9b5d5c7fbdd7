namespace Authress.Client.Transport;

/// <summary>The callbacks and the stop signal of one caller.</summary>
/// <param name="Log">Called after each request, with or without a response.</param>
/// <param name="Retrying">Called before the wait for each retry.</param>
/// <param name="Stopping">Once cancelled, no further request is sent.</param>
internal sealed record Invocation(Action<RequestRecord>? Log, Action<RetryRecord>? Retrying, CancellationToken Stopping)
{
    public static Invocation Silent { get; } = new(null, null, CancellationToken.None);
}
