using System.Security.Cryptography;

namespace Authress.Emulator.AccessKeys;

/// <summary>
/// The public half of an access key, as standard base64 of the DER SubjectPublicKeyInfo: what the emulator keeps, and all
/// that it needs to check a token.
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

/// <summary>What a key signs with.</summary>
internal enum KeyAlgorithm
{
    /// <summary>Today's keys.</summary>
    EdDsa,

    /// <summary>The RSA keys of earlier years, which still work.</summary>
    Rs256,
}
