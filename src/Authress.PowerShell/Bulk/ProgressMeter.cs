using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Bulk;

/// <summary>
/// Tells how far a long command is: from two seconds on, at most four times a second, so that what is quick shows nothing
/// and what is slow is not made slower.
/// </summary>
/// <param name="activity">What is done, in a few words.</param>
internal sealed class ProgressMeter(string activity)
{
    private static readonly long Patience = Stopwatch.Frequency * 2;
    private static readonly long Interval = Stopwatch.Frequency / 4;
    private static int _lastId;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly int _id = Interlocked.Increment(ref _lastId);
    private long _next;
    private long _done;
    private bool _shown;

    /// <summary>How many there are in all; null where that is not known.</summary>
    public long? Total { get; set; }

    /// <summary>Counts.</summary>
    public void Add(long count) => _done += count;

    /// <summary>What to show now; null where it is too early or nothing is new.</summary>
    public ProgressRecord? Now()
    {
        long now = Stopwatch.GetTimestamp();
        if (now < _next || now - _started < Patience)
            return null;
        _next = now + Interval;
        _shown = true;
        double seconds = (now - _started) / (double)Stopwatch.Frequency;
        double rate = _done / seconds;
        ProgressRecord record = new(_id, activity, string.Format(CultureInfo.CurrentCulture, Total is null ? Messages.ProgressOpen : Messages.ProgressOfTotal, _done, Total, rate));
        if (Total is { } total && _done > 0)
        {
            record.PercentComplete = (int)Math.Min(100, _done * 100 / Math.Max(total, 1));
            record.SecondsRemaining = (int)Math.Min(int.MaxValue, Math.Max(0, total - _done) / rate);
        }

        return record;
    }

    /// <summary>What takes the progress off the screen again; null where there was none.</summary>
    public ProgressRecord? End() => _shown ? new ProgressRecord(_id, activity, activity) { RecordType = ProgressRecordType.Completed } : null;
}
