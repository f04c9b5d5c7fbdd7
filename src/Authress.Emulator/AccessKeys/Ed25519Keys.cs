using NSec.Cryptography;

namespace Authress.Emulator.AccessKeys;

/// <summary>Generates and recognizes Ed25519 keys in the encodings that Authress uses.</summary>
internal static class Ed25519Keys
{
    /// <summary>RFC 8410: the bytes before the 32 bytes of the key in its DER SubjectPublicKeyInfo.</summary>
    public static ReadOnlySpan<byte> SubjectPublicKeyInfoPrefix =>
        [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    private const int SubjectPublicKeyInfoLength = 44;

    /// <summary>A new pair; both halves in standard base64 of DER: PKCS#8 (48 bytes) and SubjectPublicKeyInfo (44 bytes).</summary>
    public static (string PrivateKey, string PublicKey) Generate()
    {
        using Key key = Key.Create(
            SignatureAlgorithm.Ed25519,
            new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return (
            Convert.ToBase64String(key.Export(KeyBlobFormat.PkixPrivateKey)),
            Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.PkixPublicKey)));
    }

    /// <summary>The public half, in standard base64 of DER, of a private key in standard base64 of PKCS#8; null if it is not an Ed25519 key.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    public static string? PublicKeyOf(string privateKey)
    {
        if (!Key.TryImport(SignatureAlgorithm.Ed25519, Convert.FromBase64String(privateKey), KeyBlobFormat.PkixPrivateKey, out Key? key) || key is null)
            return null;
        using (key)
            return Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.PkixPublicKey));
    }

    /// <summary>Whether a text is the standard base64 of an Ed25519 SubjectPublicKeyInfo in its canonical spelling.</summary>
    public static bool IsPublicKey(string text)
    {
        Span<byte> bytes = stackalloc byte[SubjectPublicKeyInfoLength];
        return Convert.TryFromBase64String(text, bytes, out int length)
            && length == SubjectPublicKeyInfoLength
            && bytes.StartsWith(SubjectPublicKeyInfoPrefix)
            && Convert.ToBase64String(bytes) == text;
    }

    /// <summary>Whether an Ed25519 signature (RFC 8032) over a message is by the key with these 32 bytes.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out PublicKey? key)
        && key is not null
        && SignatureAlgorithm.Ed25519.Verify(key, message, signature);
}
