using System.Text.RegularExpressions;

namespace Authress;

/// <summary>
/// Hides credentials in texts that are shown. A user may pass one where something else belongs, and an exception of a library
/// may quote one.
/// </summary>
internal static class Redaction
{
    private const string Mask = "***";

    // The start of an Ed25519 private key in base64 of PKCS#8, and of a JSON object in base64: a token, or an older access key.
    private const string PrivateKeyStart = "MC4CAQAwBQ";
    private const string JsonStart = "eyJ";

    // Base64 in either alphabet, also encoded for a URL, as a Windows path, or broken into lines.
    private const string Base64 = @"[\w+/=%\\-]";
    private const string MoreLines = @"(?:[\r\n\u200B\uFEFF]+" + Base64 + "+)*";

    // The characters of a token. An id or a public key may contain eyJ by chance, so inside a word only a longer text counts.
    private const string Token = @"[\w+/=.%\\-]";

    // The repetitions before a fixed text are bounded, so that no text takes long.
    private static readonly Regex Credential = new(
        @"-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,32}PRIVATE KEY-----|$)"
        + $@"|[\w.-]{{0,200}}{PrivateKeyStart}{Base64}*{MoreLines}"
        + $@"|\b(?:sc|ext|scauth|authress)_[\w-]{{1,64}}\.[\w-]{{1,64}}\.[\w-]{{1,64}}\.{Base64}{{16,}}{MoreLines}"
        + $@"|\b[\w-]{{1,64}}\.[\w-]{{1,64}}\.acc[_-][\w-]{{1,64}}\.{Base64}{{16,}}{MoreLines}"
        + $@"|(?<!\w(?<!%[0-9A-F]{{2}})|-){JsonStart}{Token}{{16,}}|{JsonStart}{Token}{{64,}}",
        RegexOptions.CultureInvariant);

    // Before the last '@' of a URL, which a path has encoded, or user:password before one.
    private static readonly Regex UserInfo = new(
        @"(?<=//|%2F%2F)\S{0,250}(?:@|%40)|[^\s@/'""=:]{1,200}:[^\s@/'""]{0,200}@",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Whether a text contains what looks like an access key, a private key or a token.</summary>
    public static bool Finds(string text) => MayHoldCredential(text) && Credential.IsMatch(text);

    /// <summary>The text without access keys, private keys and tokens, and without the user name and password of a URL.</summary>
    public static string Hide(string text)
    {
        string shown = MayHoldCredential(text) ? Credential.Replace(text, Mask) : text;
        return shown.LastIndexOf('@') >= 0 || shown.Contains("%40") ? UserInfo.Replace(shown, Mask + "@") : shown;
    }

    /// <summary>A URL without all that precedes its last <c>@</c>, which may be a password even where the URL is not valid.</summary>
    public static string HideUserInfo(string url)
    {
        int end = url.LastIndexOf('@');
        return Hide(end < 0 ? url : url.Remove(0, end).Insert(0, Mask));
    }

    // Nearly no text does, and this is faster than the expression.
    private static bool MayHoldCredential(string text) =>
        text.Contains(PrivateKeyStart) || text.Contains(JsonStart) || text.Contains("PRIVATE KEY") || HasFourParts(text);

    // Three dots with nothing between them that no id contains: a path, a sentence or a command has as many.
    private static bool HasFourParts(string text)
    {
        int dots = 0;
        foreach (char c in text)
        {
            bool isOfId = c is '_' or '-' or > '~' || char.IsLetterOrDigit(c);
            if (c == '.' && ++dots == 3)
                return true;
            if (c != '.' && !isOfId)
                dots = 0;
        }

        return false;
    }
}
