namespace Authress.Client.Tokens;

/// <summary>A token that the caller brought. It is used as it is and can't be renewed.</summary>
internal sealed class ReadyToken : ITokenSource
{
    private readonly string _token;

    /// <summary>Takes a token; space around it, such as a file's last line break, does not count.</summary>
    /// <exception cref="ArgumentException">It is empty or can't stand in a header.</exception>
    public ReadyToken(string token)
    {
        _token = token.Trim();

        // Refused here: the HTTP library would say so too, but quote the whole token.
        if (_token.Length == 0 || _token.Any(c => c is < '!' or > '~'))
            throw new ArgumentException("The access token is empty, or has spaces, line breaks or other characters in it that no token has.");
    }

    public string GetToken() => _token;

    public bool TryRenew(string refused) => false;
}
