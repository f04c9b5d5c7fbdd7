using System.Text.Json;
using System.Text.Json.Serialization;
using Authress.Client.AccessKeys;
using Authress.Client.Json;

namespace Authress.Client.ServiceClients;

/// <summary>A service client in a request or a response, with members unknown to this library.</summary>
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

    // An update replaces the whole object, and the API does not say whether it keeps or clears a missing member. So an
    // update writes these even when they are null. A new client omits them: see ServiceClientChange.ToNewClient.
    public string? Name { get; set; }

    public Dictionary<string, string?>? Tags { get; set; }

    public List<RateLimitJson>? RateLimits { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceClientOptionsJson? Options { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>A copy without the read-only members. Its members can be replaced without changing this object.</summary>
    public ServiceClientJson ToWritable()
    {
        ServiceClientJson copy = (ServiceClientJson)MemberwiseClone();
        copy.ClientId = null;
        copy.CreatedTime = null;
        copy.VerificationKeys = null;
        copy.Links = null;
        return copy;
    }
}

/// <summary>A service client's <c>options</c>. A missing member means false, as does null.</summary>
internal sealed class ServiceClientOptionsJson
{
    public bool? GrantUserPermissionsAccess { get; set; } = false;

    public bool? GrantTokenGeneration { get; set; } = false;

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>A copy whose members can be replaced without changing this object.</summary>
    public ServiceClientOptionsJson Copy() => (ServiceClientOptionsJson)MemberwiseClone();
}

/// <summary>An entry of a service client's <c>rateLimits</c>.</summary>
internal sealed class RateLimitJson
{
    public string? Duration { get; set; }

    // Null means that Authress decides, so it is written in a new client too.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? Quota { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
