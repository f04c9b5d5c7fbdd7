namespace Authress.Client;

/// <summary>Base64 in either alphabet (RFC 4648, sections 4 and 5).</summary>
internal static class Base64Text
{
    /// <summary>Decodes standard base64 or base64url, with or without padding.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static byte[] Decode(string text)
    {
        string standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
    }

    /// <summary>Encodes as base64url without padding, as in tokens (RFC 7515, section 2).</summary>
    public static string EncodeUrl(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
