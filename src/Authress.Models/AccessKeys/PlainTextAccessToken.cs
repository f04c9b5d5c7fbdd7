namespace Authress;

/// <summary>An access token in plain text, as requested. <c>Export-Clixml</c> and jobs' results include it.</summary>
public sealed class PlainTextAccessToken
{
    /// <summary>Creates the description of a token.</summary>
    /// <param name="token">The token in plain text.</param>
    /// <param name="expirationDate">When it expires.</param>
    /// <param name="clientId">The service client that it belongs to.</param>
    /// <param name="keyId">The id of the key that signed it.</param>
    public PlainTextAccessToken(string token, DateTimeOffset expirationDate, string clientId, string keyId)
    {
        Token = token;
        ExpirationDate = expirationDate;
        ClientId = clientId;
        KeyId = keyId;
    }

    /// <summary>Converts a token to plain text, and wipes the original.</summary>
    internal static PlainTextAccessToken From(AccessToken token)
    {
        using (token)
        {
            return new PlainTextAccessToken(SecretText.Reveal(token.Token), token.ExpirationDate, token.ClientId, token.KeyId);
        }
    }

    /// <summary>The service client that the token belongs to.</summary>
    public string ClientId { get; }

    /// <summary>The id of the access key that signed the token.</summary>
    public string KeyId { get; }

    /// <summary>When the token expires.</summary>
    public DateTimeOffset ExpirationDate { get; }

    /// <summary>The token in plain text. A secret.</summary>
    public string Token { get; }
}
