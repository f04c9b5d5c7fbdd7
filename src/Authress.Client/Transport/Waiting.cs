namespace Authress.Client.Transport;

/// <summary>Waiting by a clock that tests can set.</summary>
internal static class Waiting
{
    /// <summary>Waits so long by this clock.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public static Task WaitAsync(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(span, time, cancellationToken);
#else
        time.Delay(span, cancellationToken);
#endif
}
