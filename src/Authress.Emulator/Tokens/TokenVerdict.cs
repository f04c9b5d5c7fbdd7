namespace Authress.Emulator.Tokens;

/// <summary>The sender that a bearer token identifies, or why it was refused.</summary>
internal sealed record TokenVerdict
{
    private TokenVerdict(string? clientId, string? keyId, string? refusal) => (ClientId, KeyId, Refusal) = (clientId, keyId, refusal);

    public string? ClientId { get; }

    /// <summary>The access key; null for a token of a trusted issuer.</summary>
    public string? KeyId { get; }

    /// <summary>Why the token was refused, in a sentence; null if it was accepted.</summary>
    public string? Refusal { get; }

    public static TokenVerdict Accepted(string clientId, string? keyId) => new(clientId, keyId, null);

    public static TokenVerdict Refused(string reason) => new(null, null, reason);
}
