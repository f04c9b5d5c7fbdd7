namespace Authress.Emulator.ServiceClients;

/// <summary>A service client as the emulator held it at one moment.</summary>
internal sealed record ServiceClientSnapshot(
    string ClientId,
    string? Name,
    DateTimeOffset CreatedTime,
    bool GrantUserPermissionsAccess,
    bool GrantTokenGeneration,
    IReadOnlyList<ClientRateLimit> RateLimits,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<VerificationKeySnapshot> Keys,
    IReadOnlyList<string> UnknownMembers);

/// <summary>The public half of an access key.</summary>
internal sealed record VerificationKeySnapshot(string KeyId, string PublicKey, DateTimeOffset GenerationDate);
