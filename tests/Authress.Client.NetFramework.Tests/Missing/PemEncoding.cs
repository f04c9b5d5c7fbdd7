using System.Text;

namespace System.Security.Cryptography;

/// <summary>RFC 7468.</summary>
internal static class PemEncoding
{
    public static string WriteString(string label, byte[] data)
    {
        StringBuilder pem = new($"-----BEGIN {label}-----\n");
        string base64 = Convert.ToBase64String(data);
        for (int start = 0; start < base64.Length; start += 64)
            pem.Append(base64, start, Math.Min(64, base64.Length - start)).Append('\n');
        return pem.Append($"-----END {label}-----").ToString();
    }
}

/// <summary>How an exported key is encrypted; the one way that there is here does not ask.</summary>
internal sealed record PbeParameters(PbeEncryptionAlgorithm EncryptionAlgorithm, HashAlgorithmName HashAlgorithm, int IterationCount);

internal enum PbeEncryptionAlgorithm
{
    Aes256Cbc,
}
