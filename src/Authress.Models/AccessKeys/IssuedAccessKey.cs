using System.Security;

namespace Authress;

/// <summary>
/// An access key that was just made, with the secrets that Authress shows only this once. They are kept out of
/// <c>Export-Clixml</c> and of jobs' results: SecureString is no protection in a file on Linux and macOS.
/// </summary>
public sealed class IssuedAccessKey : AccessKey, IDisposable
{
    /// <summary>Creates the description of a new key.</summary>
    /// <param name="clientId">The service client that the key belongs to.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="accessKey">The access key string, which signs tokens; null where the caller holds the private key.</param>
    /// <param name="clientSecret">The OAuth client secret, where Authress sent one.</param>
    public IssuedAccessKey(string clientId, string keyId, SecureString? accessKey, SecureString? clientSecret)
        : base(clientId, keyId)
    {
        AccessKey = accessKey;
        ClientSecret = clientSecret;
    }

    /// <summary>The access key: what <c>Connect-Authress -AccessKey</c> and <c>AUTHRESS_KEY</c> take. A secret.</summary>
    public SecureString? AccessKey { get; }

    /// <summary>The client secret for OAuth's client credentials, where Authress sent one. A secret.</summary>
    public SecureString? ClientSecret { get; }

    /// <summary>Wipes the secrets from memory.</summary>
    public void Dispose()
    {
        AccessKey?.Dispose();
        ClientSecret?.Dispose();
    }
}
