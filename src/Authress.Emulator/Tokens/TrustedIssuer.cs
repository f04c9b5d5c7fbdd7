using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.Tokens;

/// <summary>
/// An OpenID Connect issuer, such as a build service, whose tokens the account accepts. A request with such a token acts as
/// the administrator.
/// </summary>
public sealed class TrustedIssuer
{
    private readonly Dictionary<string, VerificationKey> _keys;

    private TrustedIssuer(string issuer, Dictionary<string, VerificationKey> keys) => (Issuer, _keys) = (issuer, keys);

    /// <summary>The <c>iss</c> of its tokens.</summary>
    public string Issuer { get; }

    /// <summary>Reads an issuer.</summary>
    /// <param name="json">A JSON Web Key Set (RFC 7517) with an additional member, <c>issuer</c>. Keys are RSA (RS256) or Ed25519 (EdDSA).</param>
    /// <exception cref="FormatException">The text is not such a key set.</exception>
    public static TrustedIssuer Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new(
                Text(document.RootElement, "issuer"),
                document.RootElement.GetProperty("keys").EnumerateArray().Select(ReadKey).ToDictionary(key => key.KeyId, StringComparer.Ordinal));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            throw new FormatException($"This is not a JSON Web Key Set with an issuer: {problem.Message}", problem);
        }
    }

    internal VerificationKey? FindKey(string keyId) => _keys.GetValueOrDefault(keyId);

    private static VerificationKey ReadKey(JsonElement key) => Text(key, "kty") switch
    {
        "RSA" => new(Text(key, "kid"), RsaPublicKey(Bytes(key, "n"), Bytes(key, "e")), DateTimeOffset.UnixEpoch, KeyAlgorithm.Rs256),
        "OKP" when Text(key, "crv") == "Ed25519" && Bytes(key, "x") is { Length: 32 } raw =>
            new(Text(key, "kid"), Convert.ToBase64String([.. Ed25519Keys.SubjectPublicKeyInfoPrefix, .. raw]), DateTimeOffset.UnixEpoch, KeyAlgorithm.EdDsa),
        _ => throw new FormatException("Its keys must be RSA or Ed25519 keys."),
    };

    private static string RsaPublicKey(byte[] modulus, byte[] exponent)
    {
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
    }

    private static string Text(JsonElement from, string name) =>
        from.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"Its member '{name}' is empty.");

    private static byte[] Bytes(JsonElement from, string name) => Base64Url.DecodeFromChars(Text(from, name));
}
