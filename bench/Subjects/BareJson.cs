using System.Text.Json.Serialization;

namespace Authress.Bench.Subjects;

/// <summary>The minimal types of the request and response bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BareClient))]
[JsonSerializable(typeof(BareNewClient))]
[JsonSerializable(typeof(BarePage))]
internal sealed partial class BareJson : JsonSerializerContext;

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

internal sealed record BarePage(List<BareClient> Clients, BarePagination? Pagination);

internal sealed record BarePagination(BareCursor? Next);

internal sealed record BareCursor(string? Cursor);
