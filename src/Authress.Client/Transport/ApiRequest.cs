namespace Authress.Client.Transport;

/// <summary>One request of the contract.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the API's address, already encoded, without a slash at the start.</param>
/// <param name="RequiredPermission">What the caller must be allowed, in Authress's notation; named in errors, null where it is not known.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string? RequiredPermission)
{
    /// <summary>Names and values of the query, not encoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Names and values of the query that the caller has encoded already; a value may be missing.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> EncodedQuery { get; init; } = [];

    /// <summary>The body's JSON in UTF-8; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether a success must have a body.</summary>
    public bool HasResponseBody { get; init; } = true;

    /// <summary>Whether it goes out without a token, as what is public may.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether it is not tried again when it fails, since its sender looks again anyway.</summary>
    public bool SkipRetries { get; init; }

    /// <summary>Whether to send it twice does the same as to send it once.</summary>
    public bool IsIdempotent => IsRead || Method == HttpMethod.Put || Method == HttpMethod.Delete;

    /// <summary>Whether the request changes nothing, so that a lost answer loses nothing either.</summary>
    public bool IsRead => Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;
}
