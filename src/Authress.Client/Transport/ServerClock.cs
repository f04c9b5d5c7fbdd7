using System.Diagnostics;
using System.Globalization;

namespace Authress.Client.Transport;

/// <summary>
/// The server's clock, told from the last <c>Date</c> header and the time that has passed since. This machine's own clock
/// may be wrong or be set; what the server dates can only be compared with the server's time.
/// </summary>
internal sealed class ServerClock
{
    /// <summary>How much earlier than a moment something is dated that may have been made then, as far as rounding goes.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private string? _date;
    private long _stamp;

    /// <summary>This moment, for <see cref="At"/>.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>
    /// Sets the clock by an answer that has just come. Its date is kept as text and read only when somebody asks for the
    /// time, which is seldom; the answer itself is not kept, for it may hold a secret.
    /// </summary>
    public void Note(ApiResponse? answer)
    {
        if (answer?.DateText is not { } date)
            return;
        lock (_gate)
        {
            _date = date;
            _stamp = Now;
        }
    }

    /// <summary>
    /// What the server's clock showed at a moment, or a little less: the header tells whole seconds, cut off,
    /// and took a while to come. Null as long as no answer told the time.
    /// </summary>
    public DateTimeOffset? At(long stamp)
    {
        lock (_gate)
        {
            // A clock at an end of time tells nothing, and with it no moment a little earlier or later could be told.
            return DateTimeOffset.TryParse(_date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) && date is { Year: > 1 and < 9999 }
                ? date + TimeSpan.FromSeconds((stamp - _stamp) / (double)Stopwatch.Frequency)
                : null;
        }
    }
}
