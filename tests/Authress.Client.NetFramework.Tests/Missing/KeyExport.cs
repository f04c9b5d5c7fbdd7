using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace System.Security.Cryptography;

/// <summary>Keys in the encodings of PKCS and X.509, which .NET Framework does not write.</summary>
internal static class KeyExport
{
    public static byte[] ExportPkcs8PrivateKey(this RSA key) => PrivateKeyInfoOf(key).GetDerEncoded();

    public static string ExportPkcs8PrivateKeyPem(this RSA key) => PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8PrivateKey());

    public static string ExportRSAPrivateKeyPem(this RSA key) =>
        PemEncoding.WriteString("RSA PRIVATE KEY", RsaPrivateKeyStructure.GetInstance(PrivateKeyInfoOf(key).ParsePrivateKey()).GetDerEncoded());

    public static string ExportSubjectPublicKeyInfoPem(this RSA key) =>
        PemEncoding.WriteString("PUBLIC KEY", SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(DotNetUtilities.GetRsaPublicKey(key)).GetDerEncoded());

    /// <remarks>With AES-256 and HMAC-SHA-256, whatever the parameters name; the tests need nothing else.</remarks>
    public static string ExportEncryptedPkcs8PrivateKeyPem(this RSA key, string password, PbeParameters parameters) =>
        PemEncoding.WriteString(
            "ENCRYPTED PRIVATE KEY",
            EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
                NistObjectIdentifiers.IdAes256Cbc,
                PkcsObjectIdentifiers.IdHmacWithSha256,
                password.ToCharArray(),
                [1, 2, 3, 4, 5, 6, 7, 8],
                parameters.IterationCount,
                new SecureRandom(),
                PrivateKeyOf(key)).GetDerEncoded());

    public static bool VerifyData(this RSA key, ReadOnlySpan<byte> data, byte[] signature, HashAlgorithmName hash, RSASignaturePadding padding) =>
        key.VerifyData(data.ToArray(), signature, hash, padding);

    private static PrivateKeyInfo PrivateKeyInfoOf(RSA key) => PrivateKeyInfoFactory.CreatePrivateKeyInfo(PrivateKeyOf(key));

    private static AsymmetricKeyParameter PrivateKeyOf(RSA key) => DotNetUtilities.GetRsaKeyPair(key).Private;
}
