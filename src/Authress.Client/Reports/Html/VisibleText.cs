using System.Globalization;
using System.Text;

namespace Authress.Client.Reports.Html;

/// <summary>
/// Text for a page that is sent around: without credentials, with every character visible that a browser would obey, and
/// without those that a document can't contain.
/// </summary>
internal static class VisibleText
{
    /// <summary>The text as the page shows it.</summary>
    public static string From(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        string shown = PrintableText.Escape(Redaction.Finds(text!) ? Redaction.Hide(text!) : text);
        return IsContent(shown) ? shown : EscapeRest(shown);
    }

    private static bool IsContent(string text) => UnicodeText.IsValid(text) && text.IndexOfAny(['\uFFFE', '\uFFFF']) < 0;

    private static string EscapeRest(string text)
    {
        StringBuilder shown = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]);
            if (isPair)
                shown.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF')
                shown.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                shown.Append(c);
        }

        return shown.ToString();
    }
}
