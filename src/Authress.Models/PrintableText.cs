using System.Globalization;
using System.Text;

namespace Authress;

/// <summary>
/// Escapes text for the screen. A name or an error's title may contain characters that move the cursor, change colours or
/// reverse the reading direction, and so falsify the output. The data itself is unchanged.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text with every control character escaped, as in <c>\u001B</c>.</summary>
    public static string Escape(string? text)
    {
        if (text is null || IsPlain(text))
            return text ?? string.Empty;
        StringBuilder shown = new(text.Length + 16);
        foreach (char c in text)
        {
            if (IsObeyed(c))
                shown.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                shown.Append(c);
        }

        return shown.ToString();
    }

    /// <summary>Text for a message: without credentials, and printable.</summary>
    public static string ForMessage(string? text) => Escape(text is null ? null : Redaction.Hide(text));

    /// <summary>Whether a screen would obey the character.</summary>
    // Control characters (both sets, so the one-byte CSI as well), line separators, and the marks of bidirectional text
    // (Unicode Standard Annex 9). Joiners, which emoji and several scripts need, are not escaped.
    public static bool IsObeyed(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            // Nearly all text is plain.
            bool isAsciiText = c is >= ' ' and <= '~';
            if (!isAsciiText && IsObeyed(c))
                return false;
        }

        return true;
    }
}
