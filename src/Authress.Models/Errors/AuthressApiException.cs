namespace Authress;

/// <summary>
/// The exception of all API failures: an error response, an unusable response, or none. Has the ids that Authress's
/// support needs, and never a secret.
/// </summary>
public sealed class AuthressApiException : Exception
{
    /// <summary>Creates an exception with a general message.</summary>
    public AuthressApiException()
        : this(Messages.ApiRequestFailed)
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What happened, in a sentence.</param>
    public AuthressApiException(string message)
        : base(Redaction.Hide(message))
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    /// <param name="message">What happened, in a sentence.</param>
    /// <param name="innerException">What caused it.</param>
    public AuthressApiException(string message, Exception? innerException)
        : base(Redaction.Hide(message), innerException)
    {
    }

    /// <summary>The kind of failure.</summary>
    public ApiFailure Failure { get; internal set; }

    /// <summary>The HTTP status of the response; null if none arrived.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>Authress's error code, such as <c>InvalidRequest</c>, if it sent one.</summary>
    public string? ErrorCode { get; internal set; }

    /// <summary>The id of this error in Authress's logs, for its support, if it sent one.</summary>
    public string? ErrorId { get; internal set; }

    /// <summary>Authress's description of the error, if it sent one.</summary>
    public string? Title { get; internal set; }

    /// <summary>The request id in the response's headers, if there was one.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>The HTTP method of the request.</summary>
    public string? Method { get; internal set; }

    /// <summary>The path of the request, without host and query.</summary>
    public string? Path { get; internal set; }

    /// <summary>The permission that the request needs. A 403 or 404 may mean that it is missing.</summary>
    public string? RequiredPermission { get; internal set; }

    /// <summary>
    /// Whether the response was one of Authress's own errors. A page of a proxy or website with the same status says nothing
    /// about the credential.
    /// </summary>
    internal bool IsAuthressError => ErrorCode is not null || ErrorId is not null;

    /// <summary>The wait that the server requested, if it did.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>
    /// Whether the request may have changed something although it failed. Check before you repeat it.
    /// </summary>
    public bool OutcomeUnknown { get; internal set; }

    /// <summary>
    /// The possible results of a creation whose outcome is unknown: service clients or access keys that are new, by the server's
    /// clock, since the request began. Empty if none was found, and before a search.
    /// </summary>
    public IReadOnlyList<object> Candidates { get; internal set; } = [];

    /// <summary>
    /// Whether <see cref="Candidates"/> was complete at the time of the search. False before a search, and if it could not see
    /// everything. The server may also carry out a request after the search.
    /// </summary>
    public bool CandidatesKnown { get; internal set; }

    /// <summary>The public key of an access key whose creation has an unknown outcome; it identifies the key.</summary>
    public string? PublicKey { get; internal set; }

    /// <summary>The service client of <see cref="PublicKey"/>.</summary>
    internal string? ClientId { get; set; }

    /// <summary>How many times the request was sent, or was about to be; 0 if it was refused before.</summary>
    public int Attempts { get; internal set; }

    /// <summary>The headers of the response and all their values; null if none arrived.</summary>
    internal IReadOnlyDictionary<string, string[]>? ResponseHeaders { get; set; }

    /// <summary>The creation whose outcome is unknown. An object, because its type lives in another load context.</summary>
    internal object? UnknownCreation { get; set; }

    /// <summary>How far this machine's clock is ahead of the server's, if the response had a date.</summary>
    public TimeSpan? ClockSkew { get; internal set; }
}
