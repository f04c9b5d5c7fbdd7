namespace Authress;

/// <summary>
/// The one exception of the API: an answer that says no, an answer that can't be understood, or none at all. Carries what
/// Authress's support asks for and never a secret.
/// </summary>
public sealed class AuthressApiException : Exception
{
    /// <summary>Creates an exception without a cause; there for the framework's sake.</summary>
    public AuthressApiException()
        : this("The request to Authress failed.")
    {
    }

    /// <summary>Creates an exception with that text.</summary>
    /// <param name="message">What happened, in a sentence.</param>
    public AuthressApiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with that text and cause.</summary>
    /// <param name="message">What happened, in a sentence.</param>
    /// <param name="innerException">What caused it.</param>
    public AuthressApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of failure it is.</summary>
    public ApiFailure Failure { get; internal set; }

    /// <summary>The HTTP status of the answer; null where none came.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>Authress's name for the error, such as <c>InvalidRequest</c>, where it sent one.</summary>
    public string? ErrorCode { get; internal set; }

    /// <summary>The id of this error in Authress's logs, which its support asks for, where it sent one.</summary>
    public string? ErrorId { get; internal set; }

    /// <summary>Authress's description of the error, where it sent one.</summary>
    public string? Title { get; internal set; }

    /// <summary>The id of the request in the answer's headers, where there was one.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>The HTTP method of the request.</summary>
    public string? Method { get; internal set; }

    /// <summary>The path of the request, without host and query.</summary>
    public string? Path { get; internal set; }

    /// <summary>The permission that the request needs; an answer of 403 or 404 may mean that it is missing.</summary>
    public string? RequiredPermission { get; internal set; }

    /// <summary>
    /// Whether the answer was one of Authress's own errors. A proxy's or a website's page with the same status says
    /// nothing about the credential.
    /// </summary>
    internal bool IsAuthressError => ErrorCode is not null || ErrorId is not null;

    /// <summary>How long the server asked to wait, where it did.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>
    /// Whether the request may have changed something although it failed. Look before you send it again.
    /// </summary>
    public bool OutcomeUnknown { get; internal set; }

    /// <summary>
    /// What may have come of a creation whose outcome is unknown: service clients or access keys that are new by the server's
    /// clock since the request began. Empty where nothing was found, and where nobody has looked.
    /// </summary>
    public IReadOnlyList<object> Candidates { get; internal set; } = [];

    /// <summary>
    /// Whether <see cref="Candidates"/> is all that there was at the time of looking. False where nobody has looked, or not
    /// everything could be seen. A request may also be carried out later than that.
    /// </summary>
    public bool CandidatesKnown { get; internal set; }

    /// <summary>The public key of an access key that may or may not have been made; it tells which one, once there is one.</summary>
    public string? PublicKey { get; internal set; }

    /// <summary>How many times the request was sent, or was to be; 0 where it was refused before.</summary>
    public int Attempts { get; internal set; }

    /// <summary>The headers of the answer and all their values; null where no answer came.</summary>
    internal IReadOnlyDictionary<string, string[]>? ResponseHeaders { get; set; }

    /// <summary>What to look for where the outcome of a creation is unknown. An object, since its type lives in another load context.</summary>
    internal object? PendingCreation { get; set; }

    /// <summary>How far this machine's clock is ahead of the server's, where the server told the time.</summary>
    public TimeSpan? ClockSkew { get; internal set; }
}
