using System.Diagnostics;

namespace Authress.PowerShell;

/// <summary>How the pipeline's thread waits: it looks up now and then, and whenever there is something to tell.</summary>
/// <param name="lookUp">What it does when it looks up.</param>
internal sealed class PipelineWait(Action lookUp) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _woken = new();

    /// <summary>Has it look up. May be called on any thread.</summary>
    public void Wake() => _woken.Set();

    /// <summary>Waits. Whether the task failed is the caller's business.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="atMost">How long; null until it has ended.</param>
    public void For(Task task, TimeSpan? atMost)
    {
        if (task.IsCompleted)
            return;
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Wake);
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            _woken.Reset();
            TimeSpan left = atMost is { } most ? most - Elapsed(began) : Interval;
            if (task.IsCompleted || left <= TimeSpan.Zero)
                return;
            _woken.Wait(left < Interval ? left : Interval);
            lookUp();
        }
    }

    public void Dispose() => _woken.Dispose();

    private static TimeSpan Elapsed(long since) => TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - since) / (double)Stopwatch.Frequency);
}
