namespace Authress.Client.Tokens;

/// <summary>Gives the bearer token of a request.</summary>
internal interface ITokenSource
{
    /// <summary>The token to send now.</summary>
    string GetToken();

    /// <summary>Gives up a token that the server refused, if a new one can be had.</summary>
    /// <param name="refused">The token that was sent.</param>
    /// <returns>Whether <see cref="GetToken"/> now gives another.</returns>
    bool TryRenew(string refused);
}
