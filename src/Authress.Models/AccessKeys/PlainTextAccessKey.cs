using System.Security;

namespace Authress;

/// <summary>
/// A new access key with its secrets in plain text, as requested. <c>Export-Clixml</c> and jobs' results include them.
/// </summary>
public sealed class PlainTextAccessKey : AccessKey
{
    /// <summary>Creates the description of a new key.</summary>
    /// <param name="clientId">The service client that the key belongs to.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="accessKey">The access key string in plain text.</param>
    /// <param name="clientSecret">The OAuth client secret in plain text, if Authress sent one.</param>
    public PlainTextAccessKey(string clientId, string keyId, string? accessKey, string? clientSecret)
        : base(clientId, keyId)
    {
        AccessKey = accessKey;
        ClientSecret = clientSecret;
    }

    /// <summary>Converts a new key to plain text, and wipes the original.</summary>
    internal static PlainTextAccessKey From(IssuedAccessKey key)
    {
        using (key)
        {
            return new PlainTextAccessKey(key.ClientId, key.KeyId, Reveal(key.AccessKey), Reveal(key.ClientSecret)) { PublicKey = key.PublicKey, GenerationDate = key.GenerationDate };
        }
    }

    /// <summary>The access key in plain text. A secret.</summary>
    public string? AccessKey { get; }

    /// <summary>The client secret in plain text, if Authress sent one. A secret.</summary>
    public string? ClientSecret { get; }

    private static string? Reveal(SecureString? secret) => secret is null ? null : SecretText.Reveal(secret);
}
