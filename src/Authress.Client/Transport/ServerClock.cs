using System.Diagnostics;
using System.Globalization;

namespace Authress.Client.Transport;

/// <summary>
/// The server's clock, calculated from the last <c>Date</c> header and the time passed since. This machine's clock may be
/// wrong, so the server's timestamps are compared with the server's own time.
/// </summary>
internal sealed class ServerClock
{
    /// <summary>How much earlier than its creation an object may be dated because of rounding.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private string? _date;
    private long _stamp;

    /// <summary>The present moment, for <see cref="At"/>.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>
    /// Sets the clock by a response that has just arrived. Keeps the date as text, which is seldom parsed, and not the
    /// response, which may hold a secret.
    /// </summary>
    public void Set(ApiResponse? response)
    {
        if (response?.DateText is not { } date)
            return;
        lock (_gate)
        {
            _date = date;
            _stamp = Now;
        }
    }

    /// <summary>
    /// The server's time at a moment, or slightly earlier: the header has whole seconds, rounded down, and took time to
    /// arrive. Null until a response had a date.
    /// </summary>
    public DateTimeOffset? At(long stamp)
    {
        lock (_gate)
        {
            // Adding to a date at either end of the calendar could overflow.
            return DateTimeOffset.TryParse(_date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) && date is { Year: > 1 and < 9999 }
                ? date + TimeSpan.FromSeconds((stamp - _stamp) / (double)Stopwatch.Frequency)
                : null;
        }
    }
}
