using Authress.Client.AccessKeys;

namespace Authress.Client.ServiceClients;

/// <summary>Converts between the objects of requests and responses and those that scripts hold.</summary>
internal static class ServiceClientMapping
{
    /// <summary>The service client in a response, with the response as its snapshot.</summary>
    /// <param name="json">The response.</param>
    /// <param name="clientId">The id in the request, for a response that omits it.</param>
    public static ServiceClient ToModel(this ServiceClientJson json, string? clientId = null)
    {
        string id = json.ClientId ?? clientId ?? string.Empty;
        ServiceClient client = new(id)
        {
            CreatedTime = json.CreatedTime,
            AccessKey = json.VerificationKeys is null ? null : ToKeys(json.VerificationKeys, id),
            Snapshot = json,
        };
        foreach (ServiceClientField field in ServiceClientFields.All)
            field.ReadInto(client, json);
        return client;
    }

    public static AccessKey ToModel(this VerificationKeyJson json, string clientId) => new(clientId, json.KeyId!)
    {
        PublicKey = ToPublicKey(json.PublicKey),
        GenerationDate = json.GenerationDate,
    };

    /// <summary>The key in a response.</summary>
    /// <param name="json">The response.</param>
    /// <param name="clientId">The client in the request, for a response that omits it.</param>
    /// <param name="publicKey">The public key in the request, which the response may echo in another form or not at all.</param>
    public static IssuedAccessKey ToModel(this IssuedAccessKeyJson json, string clientId, string? publicKey) =>
        new(json.ClientId ?? clientId, json.KeyId!, json.AccessKey, json.ClientSecret)
        {
            PublicKey = publicKey ?? ToPublicKey(json.PublicKey),
            GenerationDate = json.GenerationDate,
        };

    // Whatever is stored is shown, even a tag that could not be set here.
    public static TagMap ToTagMap(this Dictionary<string, string?>? tags) =>
        tags is null ? [] : new TagMap(tags.Select(tag => new KeyValuePair<string, string>(tag.Key, tag.Value ?? string.Empty)));

    public static Dictionary<string, string?> ToJson(this TagMap tags) => tags.ToDictionary(tag => tag.Key, tag => (string?)tag.Value, StringComparer.Ordinal);

    public static RateLimit? ToRateLimit(this List<RateLimitJson>? limits) =>
        limits is [{ Duration: { } duration } first, ..] ? new RateLimit(duration, first.Quota) : null;

    public static RateLimitJson ToJson(this RateLimit limit) => new() { Duration = limit.Duration, Quota = limit.Quota };

    /// <summary>The limits with the first one replaced or removed. Keeps its unknown members and, though the contract forbids them, other limits.</summary>
    public static List<RateLimitJson> ReplaceFirst(this List<RateLimitJson>? limits, RateLimit? limit)
    {
        if (limit is null)
            return [];
        RateLimitJson first = limit.ToJson();
        first.Unknown = limits is [{ Unknown: { } unknown }, ..] ? unknown : null;
        return [first, .. (limits ?? []).Skip(1)];
    }

    // In one form, whatever form Authress uses, so that scripts can compare keys. A key of another kind stays as it is.
    private static string? ToPublicKey(string? text) => PublicKeyText.TryToDer(text) ?? text;

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
