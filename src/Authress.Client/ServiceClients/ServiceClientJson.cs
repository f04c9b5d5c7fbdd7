using System.Text.Json;
using System.Text.Json.Serialization;
using Authress.Client.AccessKeys;
using Authress.Client.Json;

namespace Authress.Client.ServiceClients;

/// <summary>A service client as it stands on the wire, with the members that this library does not know.</summary>
internal sealed class ServiceClientJson
{
    // Read-only members: never written back.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? CreatedTime { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<VerificationKeyJson>? VerificationKeys { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(SkippingConverter))]
    public object? Links { get; set; }

    // An update replaces the whole object, and whether it keeps or clears what is left out is not known. So these
    // three, which may be null, are always written.
    public string? Name { get; set; }

    public Dictionary<string, string?>? Tags { get; set; }

    public List<RateLimitJson>? RateLimits { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceClientOptionsJson? Options { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>A copy whose parts can be replaced without touching this one, less the read-only members.</summary>
    public ServiceClientJson ToWritable() => new()
    {
        Name = Name,
        Tags = Tags,
        RateLimits = RateLimits,
        Options = Options,
        Unknown = Unknown,
    };
}

/// <summary>A service client's <c>options</c>.</summary>
internal sealed class ServiceClientOptionsJson
{
    public bool? GrantUserPermissionsAccess { get; set; }

    public bool? GrantTokenGeneration { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>An entry of a service client's <c>rateLimits</c>.</summary>
internal sealed class RateLimitJson
{
    public string? Duration { get; set; }

    public int? Quota { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A new service client as it is sent: what is not given is left out, and Authress decides.</summary>
internal sealed class NewServiceClientJson
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Tags { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<RateLimitJson>? RateLimits { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceClientOptionsJson? Options { get; set; }
}

/// <summary>One page of the list of service clients.</summary>
internal sealed class ServiceClientPageJson
{
    public List<ServiceClientJson>? Clients { get; set; }

    public PaginationJson? Pagination { get; set; }

    public LinksJson? Links { get; set; }
}

/// <summary>The <c>pagination</c> of a page.</summary>
internal sealed class PaginationJson
{
    public CursorJson? Next { get; set; }
}

/// <summary>Where the next page begins.</summary>
internal sealed class CursorJson
{
    public string? Cursor { get; set; }
}

/// <summary>The <c>links</c> of a page.</summary>
internal sealed class LinksJson
{
    public LinkJson? Next { get; set; }
}

/// <summary>One link.</summary>
internal sealed class LinkJson
{
    public string? Href { get; set; }
}
