namespace Authress.Client.AccessKeys;

/// <summary>
/// Ed25519 public keys as text. One key is written in several ways: the base64 of a DER SubjectPublicKeyInfo (RFC 8410),
/// or of the 32 bytes alone, in either alphabet, with or without padding. What counts is the 32 bytes.
/// </summary>
public static class PublicKeyText
{
    private const int KeyLength = 32;

    private static readonly byte[] DerHead = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>Whether two texts stand for the same key.</summary>
    /// <param name="one">A public key.</param>
    /// <param name="other">Another, or null.</param>
    public static bool Same(string one, string? other) =>
        other is not null && (one == other || (Bytes(one) is { } a && Bytes(other) is { } b && a.SequenceEqual(b)));

    /// <summary>A public key in the form that the API takes: the standard base64 of its DER SubjectPublicKeyInfo (RFC 8410).</summary>
    /// <param name="text">The key in any of its forms.</param>
    /// <returns>The text; null where it is no key.</returns>
    internal static string? ToDer(string text) => Bytes(text) is { } bytes ? Convert.ToBase64String([.. DerHead, .. bytes]) : null;

    // The DER form has a head of fixed length before the key, so the key is what the bytes end with.
    private static byte[]? Bytes(string text)
    {
        try
        {
            string standard = text.Trim().Replace('-', '+').Replace('_', '/').TrimEnd('=');
            byte[] bytes = Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
            return bytes.Length is KeyLength or KeyLength + 12 ? [.. bytes.Skip(bytes.Length - KeyLength)] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
