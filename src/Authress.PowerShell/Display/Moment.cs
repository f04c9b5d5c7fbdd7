using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Display;

/// <summary>A time that a property of a typed or a deserialized object holds.</summary>
internal static class Moment
{
    /// <summary>The format of a time to the minute, in UTC and marked as such.</summary>
    public const string ToMinute = "yyyy-MM-dd HH:mm'Z'";

    /// <summary>
    /// Reads the time; null where there is none. PowerShell deserializes a DateTimeOffset as an object with its properties,
    /// or beyond the depth limit as text.
    /// </summary>
    /// <param name="owner">The object.</param>
    /// <param name="property">The property.</param>
    public static DateTimeOffset? Read(PSObject owner, string property) => owner.Properties[property]?.Value switch
    {
        PSObject { BaseObject: PSCustomObject } copy => From(copy.Properties[nameof(DateTimeOffset.UtcDateTime)]?.Value),
        PSObject wrapped => From(wrapped.BaseObject),
        var value => From(value),
    };

    /// <summary>A value of a message: a time as the tables show it, and anything else as it is.</summary>
    public static object? InText(object? value) => value is DateTimeOffset time ? time.UtcDateTime.ToString(ToMinute, CultureInfo.InvariantCulture) : value;

    private static DateTimeOffset? From(object? value) => value switch
    {
        DateTimeOffset moment => moment,
        DateTime moment => new DateTimeOffset(moment.ToUniversalTime()),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset moment) => moment,
        _ => null,
    };
}
