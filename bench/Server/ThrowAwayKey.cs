using System.Security.Cryptography;

namespace Authress.Bench.Server;

/// <summary>A random access key of no account: any 32 bytes are an Ed25519 private key.</summary>
internal static class ThrowAwayKey
{
    // RFC 8410: the bytes before the key in its PKCS#8 form.
    private static readonly byte[] Prefix = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    public static string Create() => string.Join('.',
        "sc_" + RandomNumberGenerator.GetHexString(14, lowercase: true),
        RandomNumberGenerator.GetHexString(4, lowercase: true),
        "acc-" + RandomNumberGenerator.GetHexString(12, lowercase: true),
        Convert.ToBase64String([.. Prefix, .. RandomNumberGenerator.GetBytes(32)]));
}
