using System.Security;
using System.Text;
using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.Tokens;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;

namespace Authress.Client.AccessKeys;

/// <summary>
/// A service client's access key, parsed from its string: the identity and the private key that signs. Two forms exist: four
/// parts separated by dots with an Ed25519 key, and the older base64 of a JSON object with an RSA key.
/// </summary>
/// <remarks>Messages never contain any part of a key.</remarks>
public sealed class AccessKeyCredential
{
    // The header before the 32 bytes of an Ed25519 key in its usual PKCS#8 form (RFC 8410, section 7).
    internal static ReadOnlySpan<byte> Ed25519Prefix => [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    private readonly AsymmetricKeyParameter _privateKey;

    private AccessKeyCredential(string clientId, string keyId, string? accountId, string audience, AsymmetricKeyParameter privateKey)
    {
        ClientId = clientId;
        KeyId = keyId;
        AccountId = accountId;
        Audience = audience;
        _privateKey = privateKey;
    }

    /// <summary>The service client that the key belongs to.</summary>
    public string ClientId { get; }

    /// <summary>The key's id, the <c>kid</c> of its tokens.</summary>
    public string KeyId { get; }

    /// <summary>The account; null if an older key's audience doesn't name one.</summary>
    public string? AccountId { get; }

    /// <summary>The audience of the tokens, see <see cref="AuthressAccount.Audience"/>.</summary>
    internal string Audience { get; }

    /// <summary>The JOSE name of the signature: EdDSA (RFC 8037) or, for the older form, RS256 (RFC 7518).</summary>
    internal string Algorithm => _privateKey is Ed25519PrivateKeyParameters ? "EdDSA" : "RS256";

    /// <summary>The public half, in the form that the API accepts; null for a key of the older form.</summary>
    public string? PublicKey => _privateKey is Ed25519PrivateKeyParameters key ? PublicKeyText.ToDer(key.GeneratePublicKey()) : null;

    /// <summary>Parses an access key.</summary>
    /// <param name="accessKey">The key's string in either form.</param>
    /// <exception cref="FormatException">The string is not an access key. The message says why, without quoting it.</exception>
    public static AccessKeyCredential Parse(SecureString accessKey)
    {
        if (accessKey is null)
            throw new ArgumentNullException(nameof(accessKey));
        return Parse(SecretText.Reveal(accessKey));
    }

    /// <inheritdoc cref="Parse(SecureString)" />
    public static AccessKeyCredential Parse(string accessKey)
    {
        if (accessKey is null)
            throw new ArgumentNullException(nameof(accessKey));
        string text = CredentialText.Read(accessKey);
        if (AccessTokenClaims.IsToken(text))
            throw new FormatException(Messages.KeyIsToken);
        string[] parts = text.Split('.');
        return parts.Length switch
        {
            4 => FromParts(parts),
            1 when text.StartsWith("eyJ", StringComparison.Ordinal) => FromLegacy(text),
            _ => throw new FormatException(InvariantText.Format(Messages.KeyPartCount, parts.Length)),
        };
    }

    /// <summary>The same identity with a random private key, which no server may accept.</summary>
    internal AccessKeyCredential WithRandomKey() => new(ClientId, KeyId, AccountId, Audience, new Ed25519PrivateKeyParameters(new SecureRandom()));

    /// <summary>Signs bytes with the key.</summary>
    internal byte[] Sign(byte[] content)
    {
        ISigner signer = _privateKey is Ed25519PrivateKeyParameters ? new Ed25519Signer() : RsaSigner();
        signer.Init(forSigning: true, _privateKey);
        signer.BlockUpdate(content, 0, content.Length);
        return signer.GenerateSignature();
    }

    private static AccessKeyCredential FromParts(string[] parts)
    {
        int empty = Array.FindIndex(parts, string.IsNullOrWhiteSpace);
        if (empty >= 0)
        {
            string[] nouns = [Messages.ClientIdNoun, Messages.KeyIdNoun, Messages.AccountIdNoun, Messages.PrivateKeyNoun];
            throw new FormatException(InvariantText.Format(Messages.KeyPartEmpty, nouns[empty], empty + 1));
        }

        AsymmetricKeyParameter key;
        try
        {
            byte[] bytes = Base64Text.Decode(parts[3]);
            key = bytes.Length == Ed25519Prefix.Length + Ed25519PrivateKeyParameters.KeySize && bytes.AsSpan().StartsWith(Ed25519Prefix)
                ? new Ed25519PrivateKeyParameters(bytes, Ed25519Prefix.Length)
                : ReadPkcs8(bytes);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // Without inner exception, because a decoder's message may quote the key.
            throw new FormatException(Messages.KeyUnreadable);
        }

        if (key is not Ed25519PrivateKeyParameters)
            throw new FormatException(Messages.KeyNotEd25519);
        return new AccessKeyCredential(parts[0], parts[1], parts[2], AuthressAccount.Audience(parts[2]), key);
    }

    // Separate methods, so that the crypto library's factories, which set up every algorithm, are compiled only for the keys
    // that need them.
    private static AsymmetricKeyParameter ReadPkcs8(byte[] bytes) => PrivateKeyFactory.CreateKey(bytes);

    private static ISigner RsaSigner() => SignerUtilities.GetSigner("SHA-256withRSA");

    private static AccessKeyCredential FromLegacy(string text)
    {
        LegacyAccessKeyJson? json;
        try
        {
            json = JsonSerializer.Deserialize(Base64Text.Decode(text), AuthressJsonContext.Default.LegacyAccessKeyJson);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new FormatException(Messages.OlderKeyUnreadable);
        }

        if (json is not { ClientId.Length: > 0, KeyId.Length: > 0, Audience.Length: > 0, PrivateKey.Length: > 0 })
            throw new FormatException(Messages.OlderKeyIncomplete);
        return new AccessKeyCredential(json.ClientId, json.KeyId, AuthressAccount.FromAudience(json.Audience), json.Audience, ReadRsaPem(json.PrivateKey));
    }

    private static RsaPrivateCrtKeyParameters ReadRsaPem(string pem)
    {
        object? read;
        try
        {
            using PemReader reader = new(new StringReader(pem));
            read = reader.ReadObject();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new FormatException(Messages.OlderKeyPrivateKeyUnreadable);
        }

        return read switch
        {
            RsaPrivateCrtKeyParameters key => key,
            AsymmetricCipherKeyPair { Private: RsaPrivateCrtKeyParameters key } => key,
            _ => throw new FormatException(Messages.OlderKeyNotRsa),
        };
    }

    /// <summary>Whether it is what the decoders of base64, JSON, ASN.1, PEM and keys throw on invalid input.</summary>
    internal static bool IsUnreadable(Exception e) =>
        e is FormatException or JsonException or IOException or ArgumentException or InvalidCastException or IndexOutOfRangeException
            or GeneralSecurityException or SecurityUtilityException or PemException or Asn1ParsingException or ArithmeticException or InvalidOperationException
            or NotSupportedException or DecoderFallbackException or OverflowException;
}
