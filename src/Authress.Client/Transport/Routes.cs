namespace Authress.Client.Transport;

/// <summary>The API's paths. Ids are encoded, so that no id can lead to another path.</summary>
internal static class Routes
{
    public const string ServiceClients = "v1/clients";

    private const int MaximumIdLength = 64;

    public static string ServiceClient(string clientId) => $"{ServiceClients}/{Segment(clientId, () => Messages.ClientIdNoun)}";

    public static string AccessKeys(string clientId) => $"{ServiceClient(clientId)}/access-keys";

    public static string AccessKey(string clientId, string keyId) => $"{AccessKeys(clientId)}/{Segment(keyId, () => Messages.KeyIdNoun)}";

    /// <summary>A client's public key set, which needs no token.</summary>
    public static string PublicKeys(string clientId) => $"{ServiceClient(clientId)}/.well-known/openid-configuration/jwks";

    /// <summary>Deletes an object. The response's body doesn't matter.</summary>
    public static ApiRequest Delete(string path, string requiredPermission) => new(HttpMethod.Delete, path, requiredPermission) { HasResponseBody = false };

    /// <summary>An id as an encoded path segment.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, <c>.</c> or <c>..</c>, or can't be encoded.</exception>
    private static string Segment(string id, Func<string> noun)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw Invalid(Messages.IdEmpty, noun);
        if (id.Length > MaximumIdLength)
            throw Invalid(Messages.IdTooLong, noun, id.Length, MaximumIdLength);
        if (id is "." or "..")
            throw Invalid(Messages.IdIsSegment, noun, id);
        if (IsPlain(id))
            return id;
        if (!UnicodeText.IsValid(id))
            throw Invalid(Messages.IdNotUnicode, noun);
        string segment = Uri.EscapeDataString(id);
        // .NET Framework drops encoded direction marks from a URL and, in Windows PowerShell, decodes encoded slashes. The
        // result would be another client's URL.
        if (!new Uri("http://localhost/" + segment).AbsolutePath.Equals("/" + segment, StringComparison.Ordinal))
            throw Invalid(Messages.IdNotSendable, noun);
        return segment;
    }

    private static ArgumentException Invalid(string text, Func<string> noun, params object?[] values) => new(InvariantText.Format(text, [noun(), .. values]));

    // The unreserved characters of RFC 3986, section 2.3. Authress's own ids have no others.
    private static bool IsPlain(string id)
    {
        foreach (char c in id)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.' or '~'))
                return false;
        }

        return true;
    }
}
