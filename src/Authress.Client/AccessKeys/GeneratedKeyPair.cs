using System.Security;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Authress.Client.AccessKeys;

/// <summary>
/// An Ed25519 key pair that was generated on this machine. Only its public half is sent; Authress never sees the private one.
/// </summary>
public sealed class GeneratedKeyPair
{
    private readonly Ed25519PrivateKeyParameters _privateKey;

    private GeneratedKeyPair(Ed25519PrivateKeyParameters privateKey)
    {
        _privateKey = privateKey;
        PublicKey = PublicKeyText.ToDer(privateKey.GeneratePublicKey());
    }

    /// <summary>The public half, in the form that the API accepts.</summary>
    public string PublicKey { get; }

    /// <summary>Generates a pair with the random generator of the crypto library, which the operating system seeds.</summary>
    public static GeneratedKeyPair Generate() => new(new Ed25519PrivateKeyParameters(new SecureRandom()));

    /// <summary>The access key string: <c>clientId.keyId.accountId.privateKey</c>.</summary>
    /// <param name="clientId">The service client.</param>
    /// <param name="keyId">The id that Authress gave the public half.</param>
    /// <param name="accountId">The account.</param>
    /// <exception cref="ArgumentException">An id can't be part of an access key.</exception>
    public SecureString ToAccessKey(string clientId, string keyId, string accountId)
    {
        VerifyParts(clientId, keyId, accountId);
        byte[] privateKey = [.. AccessKeyCredential.Ed25519Prefix, .. _privateKey.GetEncoded()];
        char[] text = new char[(privateKey.Length + 2) / 3 * 4];
        try
        {
            int length = Convert.ToBase64CharArray(privateKey, 0, privateKey.Length, text, 0);
            SecureString accessKey = new();
            foreach (char c in $"{clientId}.{keyId}.{accountId}.")
                accessKey.AppendChar(c);
            for (int i = 0; i < length; i++)
                accessKey.AppendChar(text[i]);
            accessKey.MakeReadOnly();
            return accessKey;
        }
        finally
        {
            Array.Clear(privateKey, 0, privateKey.Length);
            Array.Clear(text, 0, text.Length);
        }
    }

    /// <summary>Verifies that ids can be parts of an access key.</summary>
    /// <param name="clientId">The service client.</param>
    /// <param name="keyId">The key's id; null if it isn't known yet.</param>
    /// <param name="accountId">The account.</param>
    /// <exception cref="ArgumentException">One is empty or has a dot or a blank, or the access key could not be read again.</exception>
    internal static void VerifyParts(string clientId, string? keyId, string accountId)
    {
        VerifyPart(clientId, Messages.ClientIdNoun);
        VerifyPart(keyId ?? "k", Messages.KeyIdNoun);
        VerifyPart(accountId, Messages.AccountIdNoun);
        string start = $"{clientId}.{keyId ?? "k"}.{accountId}.AAAA";
        try
        {
            if (CredentialText.Read(start) != start)
                throw new ArgumentException(InvariantText.Format(Messages.IdsUnusable, Messages.CredentialBroken));
        }
        catch (FormatException e)
        {
            throw new ArgumentException(InvariantText.Format(Messages.IdsUnusable, e.Message));
        }
    }

    private static void VerifyPart(string id, string noun)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new ArgumentException(InvariantText.Format(Messages.IdEmpty, noun));
        if (id.Any(c => c == '.'))
            throw new ArgumentException(InvariantText.Format(Messages.IdWithDot, noun, PrintableText.ForMessage(id)));
        if (id.Any(char.IsWhiteSpace))
            throw new ArgumentException(InvariantText.Format(Messages.IdWithBlank, noun, PrintableText.ForMessage(id)));
    }
}
