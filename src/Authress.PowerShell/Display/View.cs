using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Display;

/// <summary>
/// The computed columns of the format file, for typed and deserialized objects alike. Public for the format file; not meant
/// for scripts.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class View
{
    /// <summary>How many of the five possible keys a client has, such as <c>2/5</c>; blank if the response had no keys.</summary>
    public static string Keys(object? accessKeys) => Unwrap(accessKeys) is ICollection keys
        ? string.Format(CultureInfo.CurrentCulture, "{0}/5", keys.Count)
        : string.Empty;

    /// <summary>The ids of a client's keys, or <c>none</c>; blank if the response had no keys.</summary>
    public static string KeyIds(object? accessKeys) => Unwrap(accessKeys) switch
    {
        ICollection { Count: 0 } => "none",
        ICollection keys => Text(string.Join(", ", keys.Cast<object>().Select(key => Plain(PSObject.AsPSObject(key).Properties["KeyId"]?.Value)))),
        _ => string.Empty,
    };

    /// <summary>The age at which a key is marked: common advice is to rotate keys every quarter.</summary>
    public static TimeSpan StaleAge { get; } = TimeSpan.FromDays(90);

    /// <summary>A key's age. A stale key is marked with <c>!</c>, and with colour if the host supports it.</summary>
    /// <param name="age">The age.</param>
    /// <param name="warning">The host's escape sequence for warnings; null if it has none.</param>
    /// <param name="reset">The host's escape sequence that ends it.</param>
    public static string KeyAge(object? age, string? warning, string? reset) =>
        Unwrap(age) is TimeSpan span && span >= StaleAge ? Marked(Age(age) + " !", warning, reset) : Age(age);

    /// <summary>An age in its largest unit: <c>5 minutes</c>, <c>3 days</c>, <c>2 years</c>.</summary>
    public static string Age(object? age)
    {
        if (Unwrap(age) is not TimeSpan span)
            return string.Empty;
        if (span < TimeSpan.FromMinutes(1))
            return "now";
        return span.TotalDays switch
        {
            >= 730 => Count(span.TotalDays / 365.25, "year"),
            >= 60 => Count(span.TotalDays / 30.4375, "month"),
            >= 1 => Count(span.TotalDays, "day"),
            _ when span.TotalHours >= 1 => Count(span.TotalHours, "hour"),
            _ => Count(span.TotalMinutes, "minute"),
        };
    }

    /// <summary>A client's grants in short form: <c>users, tokens</c>. The more powerful one is marked.</summary>
    /// <param name="userPermissionsAccess">Whether it may check authorization for any user.</param>
    /// <param name="tokenGeneration">Whether it may create tokens for any user.</param>
    /// <param name="warning">The host's escape sequence for warnings; null if it has none.</param>
    /// <param name="reset">The host's escape sequence that ends it.</param>
    public static string Grants(object? userPermissionsAccess, object? tokenGeneration, string? warning, string? reset)
    {
        List<string> grants = [];
        if (Unwrap(userPermissionsAccess) is true)
            grants.Add("users");
        if (Unwrap(tokenGeneration) is true)
            grants.Add(Marked("tokens !", warning, reset));
        return string.Join(", ", grants);
    }

    /// <summary>Text from a response, with control characters escaped.</summary>
    public static string Text(object? text) => PrintableText.Escape(Plain(text));

    /// <summary>Tags in their text form.</summary>
    public static string Tags(object? tags) => Unwrap(tags) switch
    {
        TagMap map => Text(map.ToString()),
        IDictionary map => Text(new TagMap(map.Keys.Cast<object>().Select(key => new KeyValuePair<string, string>(Plain(key), Plain(map[key])))).ToString()),
        var other => Text(other),
    };

    /// <summary>A time in the local time zone, in a format that sorts.</summary>
    public static string Time(object? time) => Moment(time) switch
    {
        DateTimeOffset moment => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        string text => Text(text),
        _ => string.Empty,
    };

    /// <summary>A time to the second, with its offset.</summary>
    public static string ExactTime(object? time) => Moment(time) switch
    {
        DateTimeOffset moment => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        DateTime moment => new DateTimeOffset(moment.ToLocalTime()).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        string text => Text(text),
        _ => string.Empty,
    };

    /// <summary>A time span in milliseconds, such as <c>12 ms</c>.</summary>
    public static string Milliseconds(object? span) => Unwrap(span) is TimeSpan time
        ? string.Format(CultureInfo.CurrentCulture, "{0:N0} ms", time.TotalMilliseconds)
        : string.Empty;

    /// <summary>How far a clock is off, such as <c>3 s ahead</c>.</summary>
    public static string Skew(object? span) => Unwrap(span) switch
    {
        TimeSpan time when time == TimeSpan.Zero => "none",
        TimeSpan time => string.Format(CultureInfo.CurrentCulture, "{0:N0} s {1}", time.Duration().TotalSeconds, time > TimeSpan.Zero ? "ahead" : "behind"),
        _ => string.Empty,
    };

    private static string Marked(string text, string? start, string? end) =>
        string.IsNullOrEmpty(start) || string.IsNullOrEmpty(end) ? text : start + text + end;

    private static string Count(double number, string unit)
    {
        double whole = Math.Floor(number);
        return string.Format(CultureInfo.CurrentCulture, "{0:N0} {1}{2}", whole, unit, whole == 1 ? string.Empty : "s");
    }

    // PowerShell deserializes a DateTimeOffset as an object with its properties, or beyond the depth limit as text.
    private static object? Moment(object? time) => time is PSObject { BaseObject: PSCustomObject } copy ? Unwrap(copy.Properties[nameof(DateTimeOffset.UtcDateTime)]?.Value)
        : Unwrap(time) is string text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment) ? moment
        : Unwrap(time);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Plain(object? value) => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture) ?? string.Empty;
}
