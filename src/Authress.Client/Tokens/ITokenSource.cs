namespace Authress.Client.Tokens;

/// <summary>Supplies bearer tokens.</summary>
internal interface ITokenSource
{
    /// <summary>The current token.</summary>
    string GetToken();

    /// <summary>Discards a token that the server rejected, if a new one can be signed.</summary>
    /// <param name="rejected">The token that was sent.</param>
    /// <returns>Whether <see cref="GetToken"/> now returns another.</returns>
    bool TryRenew(string rejected);
}
