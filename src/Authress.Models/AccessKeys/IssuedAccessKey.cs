using System.Security;

namespace Authress;

/// <summary>
/// A new access key with its secrets, which Authress returns only once. <c>Export-Clixml</c> and jobs' results don't
/// include them, because SecureString does not protect a file on Linux and macOS.
/// </summary>
public sealed class IssuedAccessKey : AccessKey, IDisposable
{
    /// <summary>Creates the description of a new key.</summary>
    /// <param name="clientId">The service client that the key belongs to.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="accessKey">The access key string, which signs tokens; null if the caller holds the private key.</param>
    /// <param name="clientSecret">The OAuth client secret, if Authress sent one.</param>
    public IssuedAccessKey(string clientId, string keyId, SecureString? accessKey, SecureString? clientSecret)
        : base(clientId, keyId)
    {
        AccessKey = accessKey;
        ClientSecret = clientSecret;
    }

    /// <summary>The access key, for <c>Connect-Authress -AccessKey</c> and <c>AUTHRESS_KEY</c>. A secret.</summary>
    public SecureString? AccessKey { get; }

    /// <summary>The client secret for the OAuth client credentials flow, if Authress sent one. A secret.</summary>
    public SecureString? ClientSecret { get; }

    /// <summary>The description of a key whose private key the caller holds.</summary>
    internal AccessKey WithoutSecrets() => new(ClientId, KeyId) { PublicKey = PublicKey, GenerationDate = GenerationDate };

    /// <summary>A copy with secrets of its own.</summary>
    internal IssuedAccessKey Copy() => new(ClientId, KeyId, AccessKey?.Copy(), ClientSecret?.Copy()) { PublicKey = PublicKey, GenerationDate = GenerationDate };

    /// <summary>Wipes the secrets from memory.</summary>
    public void Dispose()
    {
        AccessKey?.Dispose();
        ClientSecret?.Dispose();
    }
}
