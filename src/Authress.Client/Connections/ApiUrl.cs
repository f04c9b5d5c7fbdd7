namespace Authress.Client.Connections;

/// <summary>
/// The rules for an API URL: a host and optionally a port, with https, or http for loopback only. Without a scheme, loopback
/// gets http and any other host https.
/// </summary>
public static class ApiUrl
{
    /// <summary>Parses an API URL as users and environment variables specify it.</summary>
    /// <param name="text">Such as <c>https://login.example.com</c>, <c>login.example.com</c> or <c>localhost:8888</c>.</param>
    /// <returns>The URL: scheme, host and port.</returns>
    /// <exception cref="FormatException">It isn't a URL, or has credentials, a path, a query or plain http to another machine.</exception>
    public static Uri Parse(string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));
        string trimmed = text.Trim();
        if (Redaction.Finds(trimmed))
            throw new FormatException(Messages.UrlIsCredential);
        bool hasScheme = trimmed.Contains("://");
        if (!Uri.TryCreate(hasScheme ? trimmed : "https://" + trimmed, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
            throw new FormatException(Messages.NotAUrl);
        if (url.UserInfo.Length > 0)
            throw new FormatException(Messages.UrlWithCredential);
        if (url.AbsolutePath is not ("/" or ""))
            throw new FormatException(InvariantText.Format(Messages.UrlWithPath, url.AbsolutePath, url.GetLeftPart(UriPartial.Authority)));
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new FormatException(InvariantText.Format(Messages.UrlWithQuery, url.GetLeftPart(UriPartial.Authority)));
        if (!hasScheme && url.IsLoopback)
            url = new Uri("http://" + trimmed);
        if (url.Scheme is not ("https" or "http"))
            throw new FormatException(InvariantText.Format(Messages.UrlScheme, url.Scheme));
        if (url.Scheme == "http" && !url.IsLoopback)
            throw new FormatException(Messages.UrlNotEncrypted);
        return new Uri(url.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>The issuer of the tokens that a service client signs for itself.</summary>
    /// <param name="apiUrl">The API URL.</param>
    /// <param name="accountId">The account, whose API URL is used if the host is Authress's own.</param>
    /// <param name="clientId">The service client.</param>
    /// <returns>The issuer, without a trailing slash.</returns>
    internal static string Issuer(Uri apiUrl, string accountId, string clientId)
    {
        string origin = AuthressAccount.IsAuthressHost(apiUrl.Host) ? AuthressAccount.ApiUrl(accountId) : apiUrl.GetLeftPart(UriPartial.Authority);
        return $"{origin}/v1/clients/{Uri.EscapeDataString(clientId)}";
    }
}
