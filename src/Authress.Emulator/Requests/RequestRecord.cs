namespace Authress.Emulator.Requests;

/// <summary>A received request, without secrets.</summary>
public sealed record RequestRecord
{
    /// <summary>Counts the requests since the start or the last reset, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it had arrived completely.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When its response was about to be sent, or its connection about to be dropped; null while it is pending.</summary>
    public DateTimeOffset? RespondedAt { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they were sent, still encoded.</summary>
    public required string Target { get; init; }

    /// <summary>The status of the response; null while it is pending, or if the connection was dropped.</summary>
    public int? Status { get; init; }

    /// <summary>The client of the bearer token, if the token was accepted.</summary>
    public string? ClientId { get; init; }

    /// <summary>The id of the access key that signed the bearer token, if it was accepted.</summary>
    public string? KeyId { get; init; }

    /// <summary>The scheme of the Authorization header, without the credentials; null if there was no such header.</summary>
    public string? AuthorizationScheme { get; init; }

    /// <summary>The other headers, except those with credentials.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as text, at most its first 65,536 characters.</summary>
    public required string Body { get; init; }

    /// <summary>Whether text that looked like a secret was removed from the target, a header or the body.</summary>
    public bool SecretsLeftOut { get; init; }

    /// <summary>How many requests were in flight when this one arrived, including itself.</summary>
    public int InFlight { get; init; }

    /// <summary>The kind of the fault that was applied, if any.</summary>
    public string? Fault { get; init; }
}
