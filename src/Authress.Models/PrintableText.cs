using System.Globalization;
using System.Text;

namespace Authress;

/// <summary>
/// Text from elsewhere, made fit for a screen. A name or an error's title may hold what would move the cursor, colour the
/// terminal or turn the direction of reading, and so show something that is not there. The data itself stays as it is.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text with every character that a terminal obeys rather than shows written as <c>\u001B</c>.</summary>
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

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            // Nearly all there is.
            bool isAsciiText = c is >= ' ' and <= '~';
            if (!isAsciiText && IsObeyed(c))
                return false;
        }

        return true;
    }

    // Control characters (both sets, so the one-byte CSI as well), line separators, and the marks of bidirectional text
    // (Unicode Standard Annex 9). The joiners that emoji and several scripts need are left alone.
    private static bool IsObeyed(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
