using System.Globalization;

namespace Authress;

/// <summary>
/// Fills in texts of the resource file in the same way in every culture: numbers in them are the API's or can be typed again.
/// Hides credentials, because a value may be what the user took for an id or a URL.
/// </summary>
internal static class InvariantText
{
    public static string Format(string text, params object?[] values) => Redaction.Hide(string.Format(CultureInfo.InvariantCulture, text, values));
}
