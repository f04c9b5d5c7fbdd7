using System.Security.Cryptography;

namespace Authress.Emulator.AccessKeys;

/// <summary>
/// The public half of an access key, as standard base64 of the DER SubjectPublicKeyInfo. The emulator keeps
/// nothing else of a key.
/// </summary>
internal sealed record VerificationKey(string KeyId, string PublicKey, DateTimeOffset GenerationDate, KeyAlgorithm Algorithm)
{
    public ReadOnlySpan<byte> SubjectPublicKeyInfo => Convert.FromBase64String(PublicKey);

    /// <summary>The 32 bytes of an Ed25519 key.</summary>
    public ReadOnlySpan<byte> RawEd25519 => SubjectPublicKeyInfo[Ed25519Keys.SubjectPublicKeyInfoPrefix.Length..];

    public RSA OpenRsa()
    {
        RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(SubjectPublicKeyInfo, out _);
        return rsa;
    }
}

/// <summary>The signature algorithm of a key.</summary>
internal enum KeyAlgorithm
{
    /// <summary>Ed25519, for all new keys.</summary>
    EdDsa,

    /// <summary>RSA, for keys in the older form, which still work.</summary>
    Rs256,
}
