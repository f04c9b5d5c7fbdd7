using System.Globalization;
using System.Text.RegularExpressions;

namespace Authress.Client;

/// <summary>The text of an access key or a token as users supply it: from a prompt, a file or an environment variable.</summary>
internal static class CredentialText
{
    // What the client ids of Authress begin with, and the JSON of a token or an older key.
    private const string Key = "(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\\.";
    private const string Json = "eyJ";

    // Such as NAME=value, export NAME=value, $env:NAME = value, --name=value, or name: value. Base64 may end with '=', but does not
    // continue after it.
    private static readonly Regex Named = new($@"^(?:export\s+|set\s+|\$env:|--?)?[A-Za-z_][\w-]*(?:[ \t]*=[ \t]*[^=\s]|:(?:\s|{Key}|{Json}))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    // Behind anything that can't be a part of it. A client id that Authress would not assign is taken as it is.
    private static readonly Regex Preceded = new($"^[^.]*(?:[^A-Za-z0-9_.](?={Key})|[^A-Za-z0-9_.+/=-](?={Json}))", RegexOptions.CultureInvariant);

    /// <summary>The credential without the whitespace around it: a file's last line break isn't part of it.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">There is none, or more than that. The message says what, without quoting it.</exception>
    public static string Read(string text)
    {
        string trimmed = text.Trim();
        return Fault(trimmed) is { } fault ? throw new FormatException(fault) : trimmed;
    }

    private static string? Fault(string text)
    {
        if (text.Length == 0)
            return Messages.CredentialEmpty;
        int invisible = text.ToList().FindIndex(IsInvisible);
        if (invisible >= 0)
            return InvariantText.Format(Messages.CredentialInvisible, ((int)text[invisible]).ToString("X4", CultureInfo.InvariantCulture), invisible + 1);
        if (text.Split('\n').Any(line => line.TrimStart() is ['#', ..]))
            return Messages.CredentialCommented;
        if (Named.IsMatch(text))
            return Messages.CredentialNamed;
        if (text.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase))
            return Messages.CredentialWithScheme;
        if (IsQuote(text[0]) || IsQuote(text[text.Length - 1]))
            return Messages.CredentialQuoted;

        // Any other text is not a credential at all; the caller has a better message for that.
        bool isBroken = text.Any(char.IsWhiteSpace) && (text.Any(c => c == '.') || text.StartsWith(Json, StringComparison.Ordinal));
        if (isBroken)
            return Messages.CredentialBroken;
        return Preceded.Match(text) is { Success: true } before ? InvariantText.Format(Messages.CredentialPreceded, before.Length + 1) : null;
    }

    private static bool IsInvisible(char c) => !char.IsWhiteSpace(c)
        && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;

    private static bool IsQuote(char c) => c is '"' or '\'' or '`' or '\u2018' or '\u2019' or '\u201C' or '\u201D';
}
