using System.Globalization;

namespace Authress;

/// <summary>How many requests a service client may make in a period. Its text form is <c>PT1H:1000</c>.</summary>
public sealed class RateLimit : IEquatable<RateLimit>
{
    /// <summary>The smallest quota that Authress accepts.</summary>
    public const int MinimumQuota = 100;

    /// <summary>The largest quota that Authress accepts.</summary>
    public const int MaximumQuota = 1_000_000;

    /// <summary>The periods that Authress accepts, as ISO 8601 durations: none, 5 minutes, an hour, a day, a month.</summary>
    public static IReadOnlyList<string> Durations { get; } = ["PT0S", "PT5M", "PT1H", "P1D", "P1M"];

    /// <summary>Creates a limit without validating it, so that any limit from Authress can be shown.</summary>
    /// <param name="duration">The period, one of <see cref="Durations"/>.</param>
    /// <param name="quota">The requests in a period, 100 to 1,000,000; null if Authress decides.</param>
    public RateLimit(string duration, int? quota)
    {
        Duration = duration ?? throw new ArgumentNullException(nameof(duration));
        Quota = quota;
    }

    /// <summary>The period as an ISO 8601 duration: <c>PT0S</c>, <c>PT5M</c>, <c>PT1H</c>, <c>P1D</c> or <c>P1M</c>.</summary>
    public string Duration { get; }

    /// <summary>The number of requests allowed in a period; null if Authress decides.</summary>
    public int? Quota { get; }

    /// <summary>Creates a limit that Authress accepts.</summary>
    /// <param name="duration">The period, one of <see cref="Durations"/> in any case.</param>
    /// <param name="quota">The requests in a period, 100 to 1,000,000; null if Authress decides.</param>
    /// <exception cref="FormatException">The duration is not one of those, or the quota is out of range.</exception>
    public static RateLimit Create(string duration, int? quota)
    {
        string? known = Durations.FirstOrDefault(d => string.Equals(d, duration?.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException(InvariantText.Format(Messages.RateLimitDuration, duration, string.Join(", ", Durations)));
        if (quota is < MinimumQuota or > MaximumQuota)
            throw new FormatException(InvariantText.Format(Messages.RateLimitQuotaRange, quota, MinimumQuota, MaximumQuota));
        return new RateLimit(known, quota);
    }

    /// <summary>Parses the text form: a duration, then a colon and the quota.</summary>
    /// <param name="text">Text such as <c>PT5M:1000</c> or <c>PT5M</c>.</param>
    /// <exception cref="FormatException">The text has another form, an unknown duration or a quota out of range.</exception>
    public static RateLimit Parse(string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));
        string[] parts = text.Split(':');
        if (parts.Length > 2)
            throw new FormatException(InvariantText.Format(Messages.RateLimitForm, text));
        int? quota = null;
        if (parts.Length == 2)
        {
            quota = int.TryParse(parts[1], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new FormatException(InvariantText.Format(Messages.RateLimitQuota, parts[1], text));
        }

        return Create(parts[0], quota);
    }

    /// <inheritdoc />
    public bool Equals(RateLimit? other) => other is not null && Duration == other.Duration && Quota == other.Quota;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as RateLimit);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Duration) ^ Quota.GetHashCode();

    /// <summary>The text form, such as <c>PT1H:1000</c>.</summary>
    public override string ToString() => Quota is null ? Duration : Duration + ":" + Quota.Value.ToString(CultureInfo.InvariantCulture);
}
