namespace Authress.Client.Transport;

/// <summary>Who is told of the requests that one caller makes, and when that caller wants no more of them.</summary>
/// <param name="Log">Told of each request when its answer has been read or none came.</param>
/// <param name="Retrying">Told of each further try before the wait that precedes it.</param>
/// <param name="Stopping">Once cancelled, nothing further is begun.</param>
internal sealed record Invocation(Action<RequestRecord>? Log, Action<RetryRecord>? Retrying, CancellationToken Stopping)
{
    public static Invocation Silent { get; } = new(null, null, CancellationToken.None);
}
