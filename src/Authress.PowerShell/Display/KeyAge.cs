using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Display;

/// <summary>
/// A key's age, which the types file attaches to keys, typed and deserialized, as a hidden property: it changes with every
/// reading, so it has no place in a file, and JSON would show a time span as twelve numbers. Public for the types file; not
/// meant for scripts.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KeyAge
{
    /// <summary>The age at which a key is marked: common advice is to rotate keys every quarter.</summary>
    internal static TimeSpan Stale { get; } = TimeSpan.FromDays(90);

    /// <summary>The current age of the key; null if its date is unknown.</summary>
    /// <param name="key">The key.</param>
    public static TimeSpan? Get(PSObject key) => key is not null && Moment.Read(key, nameof(AccessKey.GenerationDate)) is { } made ? DateTimeOffset.UtcNow - made : null;

    /// <summary>An age in its largest unit: <c>5 minutes</c>, <c>3 days</c>, <c>2 years</c>.</summary>
    /// <param name="age">The age.</param>
    internal static string Describe(TimeSpan age) => age.TotalDays switch
    {
        >= 730 => Count(age.TotalDays / 365.25, "year"),
        >= 60 => Count(age.TotalDays / 30.4375, "month"),
        >= 1 => Count(age.TotalDays, "day"),
        _ when age.TotalHours >= 1 => Count(age.TotalHours, "hour"),
        _ when age.TotalMinutes >= 1 => Count(age.TotalMinutes, "minute"),
        _ => "now",
    };

    private static string Count(double number, string unit)
    {
        double whole = Math.Floor(number);
        return string.Format(CultureInfo.CurrentCulture, "{0:N0} {1}{2}", whole, unit, whole == 1 ? string.Empty : "s");
    }
}
