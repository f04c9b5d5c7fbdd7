using System.Text.Json;

namespace Authress.Emulator.ServiceClients;

/// <summary>
/// The members of a service client that a caller may write: validated and immutable. Includes every member that the
/// emulator does not know, so that a test detects a client that loses such members in an update.
/// </summary>
internal sealed class ClientDocument
{
    private readonly IReadOnlyList<KeyValuePair<string, JsonElement>> _unknownOptions;
    private readonly JsonElement? _rateLimits;
    private readonly IReadOnlyList<KeyValuePair<string, JsonElement>> _unknown;

    public ClientDocument(
        string? name,
        ClientOptions? options = null,
        RateLimitList? rateLimits = null,
        IReadOnlyDictionary<string, string>? tags = null,
        IReadOnlyList<KeyValuePair<string, JsonElement>>? unknown = null)
    {
        Name = name;
        GrantUserPermissionsAccess = options?.GrantUserPermissionsAccess ?? false;
        GrantTokenGeneration = options?.GrantTokenGeneration ?? false;
        _unknownOptions = options?.Unknown ?? [];
        RateLimits = rateLimits?.Items ?? [];
        _rateLimits = rateLimits?.AsSent;
        Tags = tags;
        _unknown = unknown ?? [];
    }

    public string? Name { get; }

    public bool GrantUserPermissionsAccess { get; }

    public bool GrantTokenGeneration { get; }

    public IReadOnlyList<ClientRateLimit> RateLimits { get; }

    public IReadOnlyDictionary<string, string>? Tags { get; }

    public IEnumerable<string> UnknownMembers => _unknown.Select(member => member.Key);

    public void WriteMembers(Utf8JsonWriter json)
    {
        if (Name is not null)
            json.WriteString("name", Name);
        json.WriteStartObject("options");
        json.WriteBoolean("grantUserPermissionsAccess", GrantUserPermissionsAccess);
        json.WriteBoolean("grantTokenGeneration", GrantTokenGeneration);
        WriteAll(json, _unknownOptions);
        json.WriteEndObject();
        if (_rateLimits is { } limits)
        {
            json.WritePropertyName("rateLimits");
            limits.WriteTo(json);
        }

        if (Tags is not null)
        {
            json.WriteStartObject("tags");
            foreach ((string tag, string value) in Tags)
                json.WriteString(tag, value);
            json.WriteEndObject();
        }

        WriteAll(json, _unknown);
    }

    private static void WriteAll(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, JsonElement>> members)
    {
        foreach ((string name, JsonElement value) in members)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    internal sealed record ClientOptions(
        bool GrantUserPermissionsAccess, bool GrantTokenGeneration, IReadOnlyList<KeyValuePair<string, JsonElement>> Unknown);

    internal sealed record RateLimitList(IReadOnlyList<ClientRateLimit> Items, JsonElement AsSent);
}
