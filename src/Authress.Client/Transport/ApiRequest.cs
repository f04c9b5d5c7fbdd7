namespace Authress.Client.Transport;

/// <summary>One request of the contract.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the API's address, already encoded, without a slash at the start.</param>
/// <param name="RequiredPermission">What the caller must be allowed, in Authress's notation; named in errors.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string RequiredPermission)
{
    /// <summary>Names and values of the query, not encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The body's JSON in UTF-8; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether the request changes nothing, so that a lost answer loses nothing either.</summary>
    public bool IsRead => Method == HttpMethod.Get;
}
