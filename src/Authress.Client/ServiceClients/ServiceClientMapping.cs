using Authress.Client.AccessKeys;

namespace Authress.Client.ServiceClients;

/// <summary>From the wire's objects to those that scripts hold.</summary>
internal static class ServiceClientMapping
{
    /// <summary>The service client that an answer describes, with the answer itself as its snapshot.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="clientId">The id that was asked for, where the answer may leave it out.</param>
    public static ServiceClient ToModel(this ServiceClientJson json, string? clientId = null)
    {
        string id = json.ClientId ?? clientId ?? string.Empty;
        return new ServiceClient(id)
        {
            Name = json.Name,
            Tag = json.Tags.ToTagMap(),
            GrantUserPermissionsAccess = json.Options?.GrantUserPermissionsAccess ?? false,
            GrantTokenGeneration = json.Options?.GrantTokenGeneration ?? false,
            RateLimit = json.RateLimits.ToRateLimit(),
            CreatedTime = json.CreatedTime,
            AccessKey = json.VerificationKeys is null ? null : ToKeys(json.VerificationKeys, id),
            Snapshot = json,
        };
    }

    public static AccessKey ToModel(this VerificationKeyJson json, string clientId) => new(clientId, json.KeyId!)
    {
        PublicKey = json.PublicKey,
        GenerationDate = json.GenerationDate,
    };

    /// <summary>The key that an answer describes.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="clientId">The client that was asked for, where the answer may leave it out.</param>
    /// <param name="publicKey">The public key that was sent, where the answer may leave it out.</param>
    public static IssuedAccessKey ToModel(this IssuedAccessKeyJson json, string clientId, string? publicKey) =>
        new(json.ClientId ?? clientId, json.KeyId!, json.AccessKey, json.ClientSecret)
        {
            PublicKey = json.PublicKey ?? publicKey,
            GenerationDate = json.GenerationDate,
        };

    public static TagMap ToTagMap(this Dictionary<string, string?>? tags)
    {
        TagMap map = [];
        if (tags is not null)
        {
            foreach (KeyValuePair<string, string?> tag in tags)
                map[tag.Key] = tag.Value ?? string.Empty;
        }

        return map;
    }

    public static RateLimit? ToRateLimit(this List<RateLimitJson>? limits) =>
        limits is [{ Duration: { } duration } first, ..] ? new RateLimit(duration, first.Quota) : null;

    public static RateLimitJson ToJson(this RateLimit limit) => new() { Duration = limit.Duration, Quota = limit.Quota };

    private static AccessKeyList ToKeys(List<VerificationKeyJson> keys, string clientId)
    {
        List<AccessKey> list = new(keys.Count);
        foreach (VerificationKeyJson? key in keys)
        {
            if (key is { KeyId.Length: > 0 })
                list.Add(key.ToModel(clientId));
        }

        return new AccessKeyList(list);
    }
}
