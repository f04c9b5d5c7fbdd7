using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Bulk;

/// <summary>
/// Shows the progress of a command that takes longer than two seconds, at most four times a second.
/// </summary>
/// <param name="command">The cmdlet.</param>
/// <param name="lifetime">How long it may write.</param>
internal sealed class ProgressMeter(PSCmdlet command, CommandLifetime lifetime)
{
    private static readonly long Patience = Stopwatch.Frequency * 2;
    private static readonly long Interval = Stopwatch.Frequency / 4;
    private static int _lastId;

    private readonly int _id = Interlocked.Increment(ref _lastId);
    private long _started;
    private long _next;
    private long _done;
    private bool _shown;

    /// <summary>The number of inputs; null if it is unknown.</summary>
    public long? Total { get; set; }

    /// <summary>Writes an input's outcome, and counts it.</summary>
    public void WriteCounted(Action write)
    {
        write();
        Count(1);
    }

    /// <summary>Counts an outcome, and shows the progress if the command takes long.</summary>
    public void Count(long count)
    {
        if (_started == 0)
            _started = Stopwatch.GetTimestamp();
        _done += count;
        Show();
    }

    /// <summary>Shows the progress, unless it is too early or the pipeline accepts no output.</summary>
    public void Show()
    {
        long now = Stopwatch.GetTimestamp();
        if (_started == 0 || now < _next || now - _started < Patience || !lifetime.TakesOutput)
            return;
        _next = now + Interval;
        _shown = true;
        command.WriteProgress(Describe((now - _started) / (double)Stopwatch.Frequency));
    }

    /// <summary>Removes the progress from the screen.</summary>
    public void End()
    {
        string activity = command.MyInvocation.MyCommand.Name;
        if (_shown)
            command.WriteProgress(new ProgressRecord(_id, activity, activity) { RecordType = ProgressRecordType.Completed });
    }

    private ProgressRecord Describe(double seconds)
    {
        double rate = _done / seconds;
        string status = string.Format(CultureInfo.CurrentCulture, Total is null ? Messages.ProgressOpen : Messages.ProgressOfTotal, _done, Total, rate);
        ProgressRecord record = new(_id, command.MyInvocation.MyCommand.Name, status);
        if (Total is { } total && _done > 0)
        {
            record.PercentComplete = (int)Math.Min(100, _done * 100 / Math.Max(total, 1));
            record.SecondsRemaining = (int)Math.Min(int.MaxValue, Math.Max(0, total - _done) / rate);
        }

        return record;
    }
}
