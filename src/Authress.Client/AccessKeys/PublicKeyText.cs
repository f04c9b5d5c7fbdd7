using System.Text.Json;
using Authress.Client.Json;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Authress.Client.AccessKeys;

/// <summary>
/// Ed25519 public keys as text. The same key has several forms: the base64, in either alphabet, of a DER SubjectPublicKeyInfo
/// (RFC 8410) or of its 32 bytes alone, PEM (RFC 7468), a JWK (RFC 8037), and a line of OpenSSH (RFC 8709).
/// </summary>
public static class PublicKeyText
{
    // The base64 of the header of the DER form, and the length of the whole.
    private const string DerStart = "MCowBQYDK2VwAyEA";
    private const int DerLength = 60;

    private const string OpenSshType = "ssh-ed25519";

    private static readonly char[] UrlSafeLetters = ['-', '_'];

    /// <summary>Whether two texts are the same key.</summary>
    /// <param name="one">A public key.</param>
    /// <param name="other">Another, or null.</param>
    public static bool Same(string one, string? other)
    {
        if (other is null || one == other)
            return other is not null;

        // A text that is not a key equals none.
        return TryToDer(one) is { } der && der == TryToDer(other);
    }

    /// <summary>Whether a text is an Ed25519 public key.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPublicKey(string text) => TryToDer(text) is not null;

    /// <summary>A public key in the form that the API accepts: the standard base64 of its DER SubjectPublicKeyInfo.</summary>
    /// <param name="text">The key in any form.</param>
    /// <exception cref="FormatException">The text is not an Ed25519 public key. The message says why, without quoting it.</exception>
    public static string ToDer(string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));
        return TryRead(text) switch
        {
            Ed25519PublicKeyParameters publicKey => ToDer(publicKey),
            { IsPrivate: true } => throw new FormatException(Messages.PublicKeyIsPrivate),

            // Only now: one public key in ten thousand looks like the start of a token.
            _ when Redaction.Finds(text) => throw new FormatException(Messages.PublicKeyIsPrivate),
            _ => throw new FormatException(Messages.NotAPublicKey),
        };
    }

    /// <summary>A public key in the form that the API accepts.</summary>
    internal static string ToDer(Ed25519PublicKeyParameters key) => Convert.ToBase64String(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key).GetEncoded());

    /// <summary>The same, or null if the text is not an Ed25519 public key.</summary>
    /// <param name="text">The key in any form.</param>
    internal static string? TryToDer(string? text)
    {
        if (text is null)
            return null;

        // Lists contain thousands of keys, usually in this form already.
        if (text.Length == DerLength && text.StartsWith(DerStart, StringComparison.Ordinal) && text.IndexOfAny(UrlSafeLetters) < 0)
            return text;
        try
        {
            return ToDer(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a text shows a public key, of whatever kind, so that it can be compared with another.</summary>
    /// <param name="text">The text, as a server sends it.</param>
    public static bool IsShown(string? text) => TryToDer(text) is not null || (text is not null && TryRead(text) is { IsPrivate: false });

    private static AsymmetricKeyParameter? TryRead(string text)
    {
        try
        {
            return Read(text.Trim());
        }
        catch (Exception e) when (AccessKeyCredential.IsUnreadable(e))
        {
            return null;
        }
    }

    private static AsymmetricKeyParameter? Read(string text)
    {
        if (text is ['{', ..])
            return FromJwk(text);
        if (text.StartsWith("-----", StringComparison.Ordinal))
            return FromPem(text);

        // The line of OpenSSH is a type, the key and a comment. Of several lines, none is meant more than the others.
        string[] words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 1 && (words[0] != OpenSshType || text.Contains('\n')))
            return null;
        byte[] bytes = Base64Text.Decode(words.Length > 1 ? words[1] : string.Concat(text.Split('\r', '\n')));
        if (bytes.Length == Ed25519PublicKeyParameters.KeySize)
            return new Ed25519PublicKeyParameters(bytes);

        // OpenSSH's form begins with the length of the type's name, DER with the tag of a sequence.
        return bytes is [0, ..] ? OpenSshPublicKeyUtilities.ParsePublicKey(bytes) : PublicKeyFactory.CreateKey(bytes);
    }

    private static AsymmetricKeyParameter? FromPem(string text)
    {
        using PemReader reader = new(new StringReader(text));
        AsymmetricKeyParameter? key = reader.ReadObject() as AsymmetricKeyParameter;

        // Of several keys, none is meant more than the others.
        return reader.ReadObject() is null ? key : null;
    }

    private static AsymmetricKeyParameter? FromJwk(string text) => JsonSerializer.Deserialize(text, AuthressJsonContext.Default.JsonWebKeyJson) switch
    {
        { Kty: "OKP", Crv: "Ed25519", D: { } privateKey } => new Ed25519PrivateKeyParameters(Base64Text.Decode(privateKey)),
        { Kty: "OKP", Crv: "Ed25519", X: { } publicKey } => new Ed25519PublicKeyParameters(Base64Text.Decode(publicKey)),
        _ => null,
    };
}
