namespace Authress.Bench.Subjects;

/// <summary>The minimal types of a client's bodies.</summary>
internal sealed record BareClient(
    string ClientId,
    string? CreatedTime,
    string? Name,
    BareOptions? Options,
    List<BareRateLimit>? RateLimits,
    Dictionary<string, string>? Tags,
    List<BareKey>? VerificationKeys);

internal sealed record BareOptions(bool GrantUserPermissionsAccess, bool GrantTokenGeneration);

internal sealed record BareRateLimit(string? Duration, int? Quota);

internal sealed record BareKey(string KeyId, string? PublicKey, string? GenerationDate);

internal sealed record BareNewClient(string Name, Dictionary<string, string> Tags);
