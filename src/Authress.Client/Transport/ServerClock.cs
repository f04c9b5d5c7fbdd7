using System.Diagnostics;

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
    private ApiAnswer? _answer;
    private long _stamp;

    /// <summary>This moment, for <see cref="At"/>.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Sets the clock by an answer that has just come. Its header is read only when somebody asks for the time.</summary>
    public void Note(ApiAnswer? answer)
    {
        if (answer is not { TellsTime: true })
            return;
        lock (_gate)
        {
            _answer = answer;
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
            return _answer?.ServerDate + TimeSpan.FromSeconds((stamp - _stamp) / (double)Stopwatch.Frequency);
    }
}
