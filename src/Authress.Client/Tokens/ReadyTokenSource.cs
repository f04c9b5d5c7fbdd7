namespace Authress.Client.Tokens;

/// <summary>A token that the caller brought. It is used as it is and can't be renewed.</summary>
internal sealed class ReadyTokenSource : ITokenSource
{
    private readonly string _token;

    /// <summary>Takes a token; space around it, such as a file's last line break, does not count.</summary>
    /// <exception cref="ArgumentException">It is empty, can't stand in a header, or is an access key.</exception>
    public ReadyTokenSource(string token)
    {
        _token = token.Trim();

        // Refused here: the HTTP library would say so too, but quote the whole token.
        if (_token.Length == 0 || _token.Any(c => c is < '!' or > '~'))
            throw new ArgumentException("The access token is empty, or has spaces, line breaks or other characters in it that no token has.");

        // A key would go over the wire whole, to whoever reads the server's logs.
        bool isKey = _token.Split('.').Length == 4 || (_token.StartsWith("eyJ", StringComparison.Ordinal) && !_token.Any(c => c == '.'));
        if (isKey)
            throw new ArgumentException("It is an access key, not an access token. Give it as -AccessKey: a key signs tokens and is never sent.");
    }

    public string GetToken() => _token;

    public bool TryRenew(string refused) => false;
}
