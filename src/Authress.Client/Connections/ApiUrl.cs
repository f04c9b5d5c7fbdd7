namespace Authress.Client.Connections;

/// <summary>
/// The rules for an API URL: https, or http for loopback alone; a host and perhaps a port, nothing else. Where no scheme
/// is given, loopback gets http and all else https.
/// </summary>
public static class ApiUrl
{
    /// <summary>Reads an API URL as people and environments write it.</summary>
    /// <param name="text">Such as <c>https://login.example.com</c>, <c>login.example.com</c> or <c>localhost:8888</c>.</param>
    /// <returns>The address: scheme, host and port.</returns>
    /// <exception cref="FormatException">It is none, or has credentials, a path, a query or plain http to another machine.</exception>
    public static Uri Parse(string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));
        string trimmed = text.Trim();
        if (MayBeCredential(trimmed))
            throw new FormatException("It looks like an access key or a token. Give that on its own, as a SecureString, and here the address.");
        bool hasScheme = trimmed.Contains("://");
        if (!Uri.TryCreate(hasScheme ? trimmed : "https://" + trimmed, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
            throw new FormatException("It is not an address. Give the API's own, such as https://login.example.com.");
        if (url.UserInfo.Length > 0)
            throw new FormatException("It has credentials in it. Leave them out: an access key is given on its own.");
        if (url.AbsolutePath is not ("/" or ""))
            throw new FormatException($"It has a path, '{url.AbsolutePath}'. Give scheme and host alone, such as {url.GetLeftPart(UriPartial.Authority)}.");
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new FormatException($"It has a query or a fragment. Give scheme and host alone, such as {url.GetLeftPart(UriPartial.Authority)}.");
        if (!hasScheme && url.IsLoopback)
            url = new Uri("http://" + trimmed);
        if (url.Scheme is not ("https" or "http"))
            throw new FormatException($"Its scheme is '{url.Scheme}'. Use https.");
        if (url.Scheme == "http" && !url.IsLoopback)
            throw new FormatException("It uses plain http, which would show every token to the network. Use https; http is for this machine alone.");
        return new Uri(url.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>
    /// Whether a text may hold a credential, so that it is neither shown nor looked up as a host: user information, an access
    /// key in either form, or a token.
    /// </summary>
    /// <param name="text">What was given as the address.</param>
    public static bool MayHoldCredential(string text) => text is not null && (text.Any(c => c == '@') || MayBeCredential(text));

    // An Ed25519 key in PKCS#8 begins like the one; base64 of a JSON object, as of a token or of the older form, like the other.
    private static bool MayBeCredential(string text) => text.Contains("MC4CAQAwBQ") || text.Contains("eyJ");

    /// <summary>The issuer of the tokens that a service client signs for itself.</summary>
    /// <param name="apiUrl">The API's address.</param>
    /// <param name="accountId">The account, which stands in for the address where that is Authress's own.</param>
    /// <param name="clientId">The service client.</param>
    /// <returns>The issuer, without a slash at the end.</returns>
    internal static string Issuer(Uri apiUrl, string accountId, string clientId)
    {
        bool authressOwn = apiUrl.Host.Equals("authress.io", StringComparison.OrdinalIgnoreCase)
            || apiUrl.Host.EndsWith(".authress.io", StringComparison.OrdinalIgnoreCase);
        string origin = authressOwn ? $"https://{accountId}.api.authress.io" : apiUrl.GetLeftPart(UriPartial.Authority);
        return $"{origin}/v1/clients/{Uri.EscapeDataString(clientId)}";
    }
}
