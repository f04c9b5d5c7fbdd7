using System.Collections.Concurrent;
using System.Diagnostics;

namespace Authress.PowerShell.Pipeline;

/// <summary>
/// Blocks the pipeline's thread until a task ends. Until then, it runs a callback at intervals and on request, and what other
/// threads want done on this one.
/// </summary>
/// <param name="onWake">Called on the pipeline's thread each time that it wakes.</param>
internal sealed class PipelineWait(Action onWake) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _woken = new();
    private readonly ConcurrentQueue<Action> _posted = new();

    /// <summary>Wakes the pipeline's thread. May be called on any thread.</summary>
    public void Wake() => _woken.Set();

    /// <summary>Runs an action on the pipeline's thread, the next time that it waits. May be called on any thread.</summary>
    /// <param name="action">The action. Its failure becomes the task's.</param>
    public Task<T> RunAsync<T>(Func<T> action)
    {
        // Otherwise the caller would continue on the pipeline's thread.
        TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _posted.Enqueue(() =>
        {
            try
            {
                completion.SetResult(action());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        });
        Wake();
        return completion.Task;
    }

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
            while (_posted.TryDequeue(out Action? action))
                action();
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
