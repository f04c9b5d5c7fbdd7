namespace Authress.Client.AccessKeys;

/// <summary>
/// Ed25519 public keys as text. One key is written in several ways: the base64 of a DER SubjectPublicKeyInfo (RFC 8410),
/// or of the 32 bytes alone, in either alphabet, with or without padding. What counts is the 32 bytes.
/// </summary>
public static class PublicKeyText
{
    private const int KeyLength = 32;

    /// <summary>Whether two texts stand for the same key.</summary>
    /// <param name="one">A public key.</param>
    /// <param name="other">Another, or null.</param>
    public static bool Same(string one, string? other) =>
        other is not null && (one == other || (Bytes(one) is { } a && Bytes(other) is { } b && a.SequenceEqual(b)));

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
