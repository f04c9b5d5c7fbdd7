namespace Authress.Client.AccessKeys;

/// <summary>
/// Ed25519 public keys as text. The same key has several forms: the base64 of a DER SubjectPublicKeyInfo (RFC 8410) or of its
/// 32 bytes alone, in either alphabet, with or without padding. Keys are compared by their 32 bytes.
/// </summary>
public static class PublicKeyText
{
    private const int KeyLength = 32;

    private static readonly byte[] DerHeader = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>Whether two texts are the same key.</summary>
    /// <param name="one">A public key.</param>
    /// <param name="other">Another, or null.</param>
    public static bool Same(string one, string? other) =>
        other is not null && (one == other || (Bytes(one) is { } a && Bytes(other) is { } b && a.SequenceEqual(b)));

    /// <summary>A public key in the form that the API accepts: the standard base64 of its DER SubjectPublicKeyInfo (RFC 8410).</summary>
    /// <param name="text">The key in any form.</param>
    /// <returns>The text; null if it isn't a key.</returns>
    internal static string? ToDer(string text) => Bytes(text) is { } bytes ? Convert.ToBase64String([.. DerHeader, .. bytes]) : null;

    // The DER form has a header of fixed length, so the key is the last 32 bytes in both forms.
    private static byte[]? Bytes(string text)
    {
        try
        {
            byte[] bytes = Base64Text.Decode(text.Trim());
            return bytes.Length is KeyLength || bytes.Length == DerHeader.Length + KeyLength ? [.. bytes.Skip(bytes.Length - KeyLength)] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
