using System.Security;

namespace Authress;

/// <summary>
/// An access token that a connection's access key signed. <c>Export-Clixml</c> and jobs' results don't include its text,
/// because SecureString does not protect a file on Linux and macOS.
/// </summary>
public sealed class AccessToken : IDisposable
{
    /// <summary>Creates the description of a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="expirationDate">When it expires.</param>
    /// <param name="clientId">The service client that it belongs to.</param>
    /// <param name="keyId">The id of the key that signed it.</param>
    public AccessToken(SecureString token, DateTimeOffset expirationDate, string clientId, string keyId)
    {
        Token = token;
        ExpirationDate = expirationDate;
        ClientId = clientId;
        KeyId = keyId;
    }

    /// <summary>The service client that the token belongs to.</summary>
    public string ClientId { get; }

    /// <summary>The id of the access key that signed the token.</summary>
    public string KeyId { get; }

    /// <summary>When the token expires.</summary>
    public DateTimeOffset ExpirationDate { get; }

    /// <summary>The token, for <c>Invoke-RestMethod -Authentication Bearer -Token</c>. A secret.</summary>
    public SecureString Token { get; }

    /// <summary>Wipes the token from memory.</summary>
    public void Dispose() => Token.Dispose();
}
