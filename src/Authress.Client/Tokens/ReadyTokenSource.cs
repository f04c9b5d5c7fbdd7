namespace Authress.Client.Tokens;

/// <summary>A token that the caller supplied. It is sent unchanged and can't be renewed.</summary>
internal sealed class ReadyTokenSource : ITokenSource
{
    private readonly string _token;

    /// <summary>Takes a token, trimmed: a file's last line break isn't part of it.</summary>
    /// <exception cref="ArgumentException">The token is empty, has characters that a header can't have, or is an access key.</exception>
    public ReadyTokenSource(string token)
    {
        try
        {
            _token = CredentialText.Read(token);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(InvariantText.Format(Messages.AccessTokenUnusable, e.Message));
        }

        // The HTTP library would refuse it too, but with a message that quotes the token.
        if (_token.Any(c => c is < '!' or > '~'))
            throw new ArgumentException(Messages.NotAToken);

        // As a token, the key itself would be sent, and end up in logs.
        bool isKey = _token.Split('.').Length == 4 || (_token.StartsWith("eyJ", StringComparison.Ordinal) && !_token.Any(c => c == '.'));
        if (isKey)
            throw new ArgumentException(Messages.TokenIsKey);
    }

    public string GetToken() => _token;

    public bool TryRenew(string rejected) => false;
}
