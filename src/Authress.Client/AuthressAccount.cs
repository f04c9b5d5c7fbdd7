namespace Authress.Client;

/// <summary>Accounts and their hosts at Authress.</summary>
public static class AuthressAccount
{
    private const string Domain = "authress.io";
    private const string AudienceSuffix = ".accounts." + Domain;
    private const string ApiSuffix = ".api." + Domain;

    /// <summary>The account that a connection works in. The credential's own account has precedence, because its tokens are valid only there.</summary>
    /// <param name="ofCredential">The account that the access key or token names.</param>
    /// <param name="given">The account that the user specified.</param>
    public static string? Resolve(string? ofCredential, string? given) => ofCredential ?? given;

    /// <summary>The URL of an account's API without a custom domain.</summary>
    /// <param name="accountId">The account.</param>
    public static string ApiUrl(string accountId) => $"https://{accountId}{ApiSuffix}";

    /// <summary>The audience of the tokens that an account's service clients sign.</summary>
    /// <param name="accountId">The account.</param>
    internal static string Audience(string accountId) => accountId + AudienceSuffix;

    /// <summary>
    /// The account of an audience, such as <c>acc-1.accounts.authress.io</c>, or <c>https://acc-1.api.authress.io</c> in the
    /// tokens of other issuers; null if the audience isn't an account's.
    /// </summary>
    internal static string? FromAudience(string? audience)
    {
        string host = audience?.Replace("https://", string.Empty).TrimEnd('/') ?? string.Empty;
        string? suffix = new[] { AudienceSuffix, ApiSuffix }.FirstOrDefault(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        string account = suffix is null ? string.Empty : host.Substring(0, host.Length - suffix.Length);

        // Anything else would be another host in the account's URL.
        return account.Length > 0 && account.All(c => char.IsLetterOrDigit(c) || c is '-' or '_') ? account : null;
    }

    /// <summary>Whether a host is Authress's own, not a custom domain or this machine.</summary>
    internal static bool IsAuthressHost(string host) =>
        host.Equals(Domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + Domain, StringComparison.OrdinalIgnoreCase);
}
