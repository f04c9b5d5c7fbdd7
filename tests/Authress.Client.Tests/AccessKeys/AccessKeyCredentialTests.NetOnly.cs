using System.Security.Cryptography;
using Authress.Client.AccessKeys;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;
using CsCheck;
using NSec.Cryptography;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>CsCheck and NSec have no build for .NET Framework, and Mono makes no keys of elliptic curves.</summary>
public partial class AccessKeyCredentialTests
{
    [Fact]
    public void Signs_messages_of_any_length_as_two_other_implementations_do() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 1100]).Sample(
            (seed, message) =>
            {
                byte[] signature = AccessKeyCredential.Parse(TestApi.AccessKeyOf(TestApi.Pkcs8(seed))).Sign(message);
                PublicKey publicKey = PublicKey.Import(SignatureAlgorithm.Ed25519, Rfc8032.PublicKey(seed), KeyBlobFormat.RawPublicKey);
                return SignatureAlgorithm.Ed25519.Verify(publicKey, message, signature) && signature.AsSpan().SequenceEqual(Rfc8032.Sign(seed, message));
            },
            iter: 50);

    [Fact]
    public void Any_text_is_a_key_or_a_FormatException() =>
        Gen.OneOf(Gen.String, Garbage, Mutated(TestApi.NewAccessKey()), Mutated(Legacy(_ => { }))).Sample(OnlyFormatException, iter: 4000);

    [Fact]
    public void A_key_that_was_cut_short_anywhere_is_refused_without_being_shown()
    {
        string key = TestApi.NewAccessKey();
        string secret = key.Split('.')[3];
        Gen.Int[0, key.Length - 1].Sample(length =>
        {
            FormatException refusal = Assert.Throws<FormatException>(() => AccessKeyCredential.Parse(key[..length]));
            string kept = key[..length].Split('.') is [_, _, _, { Length: > 4 } part] ? part : secret;
            Assert.DoesNotContain(kept, refusal.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Any_bytes_in_the_place_of_the_private_key_are_a_key_or_a_FormatException()
    {
        Gen<byte[]> der = Gen.OneOf(
            Gen.Byte.Array[0, 80],
            MutatedBytes(TestApi.Pkcs8(RandomNumberGenerator.GetBytes(32))),
            MutatedBytes(ExportEc()));
        der.Sample(bytes => OnlyFormatException(TestApi.AccessKeyOf(bytes)), iter: 4000);
    }

    [Fact]
    public void Any_bytes_in_a_legacy_PEM_are_a_key_or_a_FormatException()
    {
        Gen<string> label = Gen.OneOf("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "X509 CRL", "PKCS7", "DSA PRIVATE KEY", "EC PARAMETERS", "NONSENSE");
        Gen<byte[]> der = Gen.OneOf(Gen.Byte.Array[0, 80], MutatedHead(Rsa.ExportPkcs8PrivateKey()), MutatedHead(Rsa.ExportRSAPrivateKey()), MutatedBytes(ExportEc()));
        Gen.Select(label, der).Sample(
            (name, bytes) => OnlyFormatException(Legacy(json => json["privateKey"] = Pem(bytes, name))),
            iter: 2000);
    }

    private static Gen<string> Garbage { get; } =
        Gen.OneOf(Gen.OneOf(".", "eyJ", "=", "MC4CAQAwBQYDK2VwBCIE", "sc_a", "-----BEGIN RSA PRIVATE KEY-----", "\n", " "), Gen.String[Gen.Char.AlphaNumeric, 0, 20])
            .Array[0, 12].Select(string.Concat);

    private static Gen<string> Mutated(string text) =>
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 3], Gen.Char[' ', '~']).Array[1, 4].Select(changes =>
            changes.Aggregate(text, (changed, one) => one.Item2 switch
            {
                _ when one.Item1 >= changed.Length => changed,
                0 => changed.Remove(one.Item1, 1),
                1 => changed.Insert(one.Item1, one.Item3.ToString()),
                2 => changed[..one.Item1],
                _ => changed[..one.Item1] + one.Item3 + changed[(one.Item1 + 1)..],
            }));

    private static Gen<byte[]> MutatedBytes(byte[] bytes) => MutatedBytes(bytes, bytes.Length);

    // Only where the structure is: a changed modulus makes BouncyCastle look for primes for seconds.
    private static Gen<byte[]> MutatedHead(byte[] bytes) => MutatedBytes(bytes, 36);

    private static Gen<byte[]> MutatedBytes(byte[] bytes, int within) =>
        Gen.Select(Gen.Int[0, within - 1], Gen.Byte).Array[1, 3].Select(changes =>
        {
            byte[] changed = [.. bytes];
            foreach ((int index, byte value) in changes)
                changed[index] = value;
            return changed;
        });

    private static bool OnlyFormatException(string text)
    {
        try
        {
            return AccessKeyCredential.Parse(text).ClientId.Length > 0;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static byte[] ExportEc()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }
}
