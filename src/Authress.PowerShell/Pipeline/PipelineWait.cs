using System.Diagnostics;

namespace Authress.PowerShell.Pipeline;

/// <summary>Blocks the pipeline's thread until a task ends. Until then, it runs a callback at intervals and on request.</summary>
/// <param name="onWake">Called on the pipeline's thread each time that it wakes.</param>
internal sealed class PipelineWait(Action onWake) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _woken = new();

    /// <summary>Wakes the pipeline's thread. May be called on any thread.</summary>
    public void Wake() => _woken.Set();

    /// <summary>Waits. The caller handles a failure of the task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="atMost">The longest wait; null for no limit.</param>
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
            onWake();
        }
    }

    public void Dispose() => _woken.Dispose();

    private static TimeSpan Elapsed(long since) => TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - since) / (double)Stopwatch.Frequency);
}
