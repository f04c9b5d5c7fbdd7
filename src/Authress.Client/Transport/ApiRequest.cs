namespace Authress.Client.Transport;

/// <summary>One request to the API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the API URL, encoded, without a leading slash.</param>
/// <param name="RequiredPermission">The permission that the caller needs, in Authress's notation, for error messages; null if unknown.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string? RequiredPermission)
{
    /// <summary>Names and values of the query, not encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Names and values of the query as the caller encoded them; a value may be missing.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> EncodedQuery { get; init; } = [];

    /// <summary>The body's JSON in UTF-8; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether a success must have a body.</summary>
    public bool HasResponseBody { get; init; } = true;

    /// <summary>Whether the request is sent without a token, because the route is public.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether a failure is final, because the caller polls anyway.</summary>
    public bool SkipRetries { get; init; }

    /// <summary>Whether the request changes nothing.</summary>
    public bool IsRead => Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;
}
