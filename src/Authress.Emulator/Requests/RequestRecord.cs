namespace Authress.Emulator.Requests;

/// <summary>A request that arrived, with all secrets left out.</summary>
public sealed record RequestRecord
{
    /// <summary>Counts the requests since the start or the last reset, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it had wholly arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When its response was about to be sent, or its connection about to be dropped; null while it is pending.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they were sent, still encoded.</summary>
    public required string Target { get; init; }

    /// <summary>The status of the response; null while it is pending, and where the connection was dropped.</summary>
    public int? Status { get; init; }

    /// <summary>The client that the bearer token proved, if it proved one.</summary>
    public string? ClientId { get; init; }

    /// <summary>The id of the access key that signed the bearer token, if it was accepted.</summary>
    public string? KeyId { get; init; }

    /// <summary>The scheme of the Authorization header, without what follows it; null where there was no such header.</summary>
    public string? AuthorizationScheme { get; init; }

    /// <summary>The other headers, less those that carry credentials.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as text, at most its first 65,536 characters.</summary>
    public required string Body { get; init; }

    /// <summary>Whether something that looked like a secret was cut out of the target, a header or the body.</summary>
    public bool SecretsLeftOut { get; init; }

    /// <summary>How many requests were in hand when this one arrived, itself included.</summary>
    public int InFlight { get; init; }

    /// <summary>The kind of the fault that was applied, if any.</summary>
    public string? Fault { get; init; }
}
