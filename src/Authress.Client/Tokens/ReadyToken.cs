namespace Authress.Client.Tokens;

/// <summary>A token that the caller brought. It is used as it is and can't be renewed.</summary>
internal sealed class ReadyToken(string token) : ITokenSource
{
    public string GetToken() => token;

    public bool TryRenew(string refused) => false;
}
