using System.Diagnostics;

namespace Authress.Client.Tests.Transport;

/// <summary>
/// A clock by which every wait is over at once, and which then shows as much more. Standing still, no wait of it ever ends
/// until it is let on.
/// </summary>
internal sealed class TestTime(bool standsStill = false) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<TimeSpan> waits = [];
    private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Waiting> pending = [];
    private TimeSpan skipped;

    /// <summary>Every wait that was begun.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
                return [.. waits];
        }
    }

    /// <summary>Ends when the first wait has begun.</summary>
    public Task Waited => waiting.Task;

    public override long TimestampFrequency => Stopwatch.Frequency;

    public override long GetTimestamp()
    {
        lock (gate)
            return standsStill ? skipped.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond) : Stopwatch.GetTimestamp() + (skipped.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
    }

    /// <summary>Lets a clock that stands still go on by so much, and ends the waits that are over then.</summary>
    public void Advance(TimeSpan span)
    {
        List<Waiting> due;
        lock (gate)
        {
            skipped += span;
            due = [.. pending.Where(wait => wait.Until <= skipped)];
            pending.RemoveAll(due.Contains);
        }

        foreach (Waiting wait in due)
            wait.End();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waiting timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Begin(Waiting wait, TimeSpan span)
    {
        lock (gate)
        {
            pending.Remove(wait);
            if (span == Timeout.InfiniteTimeSpan)
                return;
            waits.Add(span);
            if (standsStill)
            {
                wait.Until = skipped + span;
                pending.Add(wait);
            }
            else
            {
                skipped += span;
            }
        }

        waiting.TrySetResult();
        if (!standsStill)
            wait.End();
    }

    private sealed class Waiting(TestTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public TimeSpan Until { get; set; }

        public void End() => ThreadPool.QueueUserWorkItem(_ =>
        {
            if (!Volatile.Read(ref disposed))
                callback(state);
        });

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Begin(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            Volatile.Write(ref disposed, true);
            time.Begin(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
