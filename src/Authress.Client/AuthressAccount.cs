namespace Authress.Client;

/// <summary>Accounts and their hosts at Authress.</summary>
public static class AuthressAccount
{
    private const string Domain = "authress.io";
    private const string AudienceSuffix = ".accounts." + Domain;

    /// <summary>The account that a connection works in. The credential's own account has precedence, because its tokens are valid only there.</summary>
    /// <param name="ofCredential">The account that the access key or token names.</param>
    /// <param name="given">The account that the user specified.</param>
    public static string? Resolve(string? ofCredential, string? given) => ofCredential ?? given;

    /// <summary>The URL of an account's API without a custom domain.</summary>
    /// <param name="accountId">The account.</param>
    public static string ApiUrl(string accountId) => $"https://{accountId}.api.{Domain}";

    /// <summary>The audience of the tokens that an account's service clients sign.</summary>
    /// <param name="accountId">The account.</param>
    internal static string Audience(string accountId) => accountId + AudienceSuffix;

    /// <summary>The account of an audience; null if the audience isn't an account's.</summary>
    internal static string? FromAudience(string? audience) =>
        audience is not null && audience.EndsWith(AudienceSuffix, StringComparison.OrdinalIgnoreCase)
            ? audience.Substring(0, audience.Length - AudienceSuffix.Length)
            : null;

    /// <summary>Whether a host is Authress's own, not a custom domain or this machine.</summary>
    internal static bool IsAuthressHost(string host) =>
        host.Equals(Domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + Domain, StringComparison.OrdinalIgnoreCase);
}
