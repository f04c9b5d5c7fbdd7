namespace Authress.Client;

/// <summary>Waits by a clock that tests can replace.</summary>
internal static class Pause
{
    /// <summary>Waits.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static Task ForAsync(TimeProvider time, TimeSpan duration, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(duration, time, cancellationToken);
#else
        time.Delay(duration, cancellationToken);
#endif
}
