namespace Authress.Client.Transport;

/// <summary>The contract's paths. An id is encoded so that, whatever it holds, it can't leave its place.</summary>
internal static class Routes
{
    public const string ServiceClients = "v1/clients";

    private const int MaximumIdLength = 64;

    public static string ServiceClient(string clientId) => $"{ServiceClients}/{Segment(clientId, "client id")}";

    public static string AccessKeys(string clientId) => $"{ServiceClient(clientId)}/access-keys";

    public static string AccessKey(string clientId, string keyId) => $"{AccessKeys(clientId)}/{Segment(keyId, "key id")}";

    /// <summary>Where anybody may see a client's public keys.</summary>
    public static string PublicKeys(string clientId) => $"{ServiceClient(clientId)}/.well-known/openid-configuration/jwks";

    /// <summary>Reads one client.</summary>
    public static ApiRequest Retrieve(string clientId) => new(HttpMethod.Get, ServiceClient(clientId), $"READ: Authress:ServiceClients/{clientId}");

    /// <summary>Deletes what is there; the answer has no body that matters.</summary>
    public static ApiRequest Delete(string path, string requiredPermission) => new(HttpMethod.Delete, path, requiredPermission) { HasResponseBody = false };

    /// <summary>One encoded segment of a path.</summary>
    /// <exception cref="ArgumentException">The id is empty, too long, or <c>.</c> or <c>..</c>, which mean a folder in a path.</exception>
    private static string Segment(string id, string what)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new ArgumentException($"The {what} is empty.");
        if (id.Length > MaximumIdLength)
            throw new ArgumentException($"The {what} has {id.Length} characters; an id has at most {MaximumIdLength}.");
        if (id is "." or "..")
            throw new ArgumentException($"'{id}' is not a {what}.");
        if (IsPlain(id))
            return id;
        if (!UnicodeText.IsValid(id))
            throw new ArgumentException($"The {what} is not valid Unicode.");
        string segment = Uri.EscapeDataString(id);
        // .NET Framework leaves encoded marks of writing direction out of an address, and in Windows PowerShell it decodes
        // encoded slashes: what is left would be another client's address.
        if (!new Uri("http://localhost/" + segment).AbsolutePath.Equals("/" + segment, StringComparison.Ordinal))
            throw new ArgumentException($"The {what} holds characters that this version of .NET can't send in an address.");
        return segment;
    }

    // The letters that stand for themselves in an address (RFC 3986, section 2.3); Authress's own ids have no others.
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
