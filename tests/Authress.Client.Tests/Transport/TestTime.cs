using System.Diagnostics;

namespace Authress.Client.Tests.Transport;

/// <summary>
/// A clock by which every wait is over at once, and which then shows as much more. Standing still, no wait of it ever ends
/// until it is let on.
/// </summary>
internal sealed class TestTime(bool standsStill = false) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Waiting> _pending = [];
    private TimeSpan _skipped;

    /// <summary>Every wait that was begun.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
                return [.. _waits];
        }
    }

    /// <summary>Ends when the first wait has begun.</summary>
    public Task Waited => _waiting.Task;

    public override long TimestampFrequency => Stopwatch.Frequency;

    public override long GetTimestamp()
    {
        lock (_gate)
            return standsStill ? _skipped.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond) : Stopwatch.GetTimestamp() + (_skipped.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
    }

    /// <summary>Advances a clock that stands still, and ends the waits that are over then.</summary>
    public void Advance(TimeSpan span)
    {
        List<Waiting> due;
        lock (_gate)
        {
            _skipped += span;
            due = [.. _pending.Where(wait => wait.Until <= _skipped)];
            _pending.RemoveAll(due.Contains);
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
        lock (_gate)
        {
            _pending.Remove(wait);
            if (span == Timeout.InfiniteTimeSpan)
                return;
            _waits.Add(span);
            if (standsStill)
            {
                wait.Until = _skipped + span;
                _pending.Add(wait);
            }
            else
            {
                _skipped += span;
            }
        }

        _waiting.TrySetResult();
        if (!standsStill)
            wait.End();
    }

    private sealed class Waiting(TestTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan Until { get; set; }

        public void End() => ThreadPool.QueueUserWorkItem(_ =>
        {
            if (!Volatile.Read(ref _disposed))
                callback(state);
        });

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Begin(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            Volatile.Write(ref _disposed, true);
            time.Begin(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
