using System.Collections;
using System.Globalization;

namespace Authress;

/// <summary>
/// The text of a plain value, the same in every culture. PowerShell turns text in JSON into dates and numbers; they become
/// the text that the JSON had.
/// </summary>
internal static class PlainText
{
    private const string Iso8601 = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    /// <summary>The text; null for a value that has none of its own, such as a list, a secret or a process.</summary>
    /// <param name="value">The value, with or without PowerShell's wrapper. Null is empty text.</param>
    public static string? From(object? value) => Unwrap(value) switch
    {
        null or DBNull => string.Empty,
        string text => text,
        char letter => letter.ToString(),
        bool truth => truth ? "true" : "false",
        DateTime time => time.ToString(Iso8601, CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString(Iso8601, CultureInfo.InvariantCulture),
#if NET
        DateOnly or TimeOnly => ((IFormattable)Unwrap(value)!).ToString("O", CultureInfo.InvariantCulture),
#endif
        double or float => ((IFormattable)Unwrap(value)!).ToString("R", CultureInfo.InvariantCulture),
        Uri url => url.OriginalString,
        ValueType and IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
        { } other => FromParsable(other),
    };

    /// <summary>The text of an object that is text in all but its type, such as a version or an IP address; null for others.</summary>
    /// <param name="value">The object, without PowerShell's wrapper.</param>
    public static string? FromParsable(object value)
    {
        Type type = value.GetType();
        bool isText = value is not (ValueType or IEnumerable) && type.GetMethod("Parse", [typeof(string)]) is { IsStatic: true } parse && parse.ReturnType == type;
        return isText ? value.ToString() : null;
    }

    /// <summary>The value inside PowerShell's wrapper, the type of which this assembly does not reference.</summary>
    /// <param name="value">The value, with or without the wrapper.</param>
    public static object? Unwrap(object? value) =>
        value?.GetType() is { FullName: "System.Management.Automation.PSObject" } wrapper ? wrapper.GetProperty("BaseObject")!.GetValue(value) : value;
}
