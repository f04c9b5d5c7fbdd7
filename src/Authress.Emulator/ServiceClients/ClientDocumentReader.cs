using System.Text.Json;

namespace Authress.Emulator.ServiceClients;

/// <summary>Reads and validates the body of a create or an update.</summary>
internal static class ClientDocumentReader
{
    private const int LongestText = 128;
    private const int SmallestQuota = 100;
    private const int LargestQuota = 1_000_000;

    private static readonly string[] Durations = ["PT0S", "PT5M", "PT1H", "P1D", "P1M"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="InvalidRequestException">The body is not a service client according to the contract.</exception>
    public static ClientDocument Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body, Strict);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                throw new InvalidRequestException("The body must be a JSON object.", "InvalidBody");

            ClientDocument document = Read(parsed.RootElement.Clone());
            // A string such as "\ud800" is valid JSON, but can't be written. Refused here, or every later response would fail.
            using Utf8JsonWriter trial = new(Stream.Null);
            trial.WriteStartObject();
            document.WriteMembers(trial);
            trial.WriteEndObject();
            return document;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidRequestException("The body is not valid JSON.", "MalformedJson");
        }
    }

    private static ClientDocument Read(JsonElement body)
    {
        string? name = null;
        ClientDocument.ClientOptions? options = null;
        ClientDocument.RateLimitList? rateLimits = null;
        Dictionary<string, string>? tags = null;
        List<KeyValuePair<string, JsonElement>> unknown = [];

        foreach (JsonProperty member in body.EnumerateObject())
        {
            bool isNull = member.Value.ValueKind == JsonValueKind.Null;
            switch (member.Name)
            {
                case "name":
                    name = isNull ? null : Text(member.Value, "name");
                    break;
                case "options":
                    options = isNull ? null : Options(member.Value);
                    break;
                case "rateLimits":
                    rateLimits = isNull ? null : RateLimits(member.Value);
                    break;
                case "tags":
                    tags = isNull ? null : Tags(member.Value);
                    break;
                // Read-only members are ignored: a caller that sends back a fetched object includes them.
                case "clientId" or "createdTime" or "verificationKeys" or "links":
                    break;
                default:
                    unknown.Add(new(member.Name, member.Value));
                    break;
            }
        }

        return new ClientDocument(name, options, rateLimits, tags, unknown);
    }

    private static ClientDocument.ClientOptions Options(JsonElement value)
    {
        Require(value, JsonValueKind.Object, "options");
        bool grantUserPermissionsAccess = false;
        bool grantTokenGeneration = false;
        List<KeyValuePair<string, JsonElement>> unknown = [];
        foreach (JsonProperty member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "grantUserPermissionsAccess":
                    grantUserPermissionsAccess = Flag(member);
                    break;
                case "grantTokenGeneration":
                    grantTokenGeneration = Flag(member);
                    break;
                default:
                    unknown.Add(new(member.Name, member.Value));
                    break;
            }
        }

        return new(grantUserPermissionsAccess, grantTokenGeneration, unknown);
    }

    private static ClientDocument.RateLimitList RateLimits(JsonElement value)
    {
        Require(value, JsonValueKind.Array, "rateLimits");
        if (value.GetArrayLength() > 1)
            throw new InvalidRequestException("A client has at most one rate limit.", "InvalidRateLimits");
        return new([.. value.EnumerateArray().Select(RateLimit)], value);
    }

    private static ClientRateLimit RateLimit(JsonElement value)
    {
        Require(value, JsonValueKind.Object, "rateLimits[0]");
        if (!value.TryGetProperty("duration", out JsonElement duration)
            || duration.ValueKind != JsonValueKind.String
            || !Durations.Contains(duration.GetString()))
        {
            throw new InvalidRequestException(
                $"The duration of a rate limit must be one of {string.Join(", ", Durations)}.", "InvalidRateLimits");
        }

        if (!value.TryGetProperty("quota", out JsonElement quota) || quota.ValueKind == JsonValueKind.Null)
            return new(duration.GetString()!, null);
        if (quota.ValueKind == JsonValueKind.Number && quota.TryGetInt32(out int amount) && amount is >= SmallestQuota and <= LargestQuota)
            return new(duration.GetString()!, amount);
        throw new InvalidRequestException("The quota of a rate limit must be a whole number from 100 to 1000000.", "InvalidRateLimits");
    }

    private static Dictionary<string, string> Tags(JsonElement value)
    {
        Require(value, JsonValueKind.Object, "tags");
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (JsonProperty tag in value.EnumerateObject())
            tags.Add(tag.Name, Text(tag.Value, $"tags.{tag.Name}"));
        return tags;
    }

    private static string Text(JsonElement value, string member)
    {
        Require(value, JsonValueKind.String, member);
        string text = value.GetString()!;
        return text.Length <= LongestText
            ? text
            : throw new InvalidRequestException($"{member} is longer than {LongestText} characters.", "ValueTooLong");
    }

    private static bool Flag(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        // In several clients' models the flags are nullable, and one that is not set is sent as null.
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw new InvalidRequestException($"options.{member.Name} must be true, false or null.", "InvalidType"),
    };

    private static void Require(JsonElement value, JsonValueKind kind, string member)
    {
        if (value.ValueKind != kind)
            throw new InvalidRequestException($"{member} must be of type {kind.ToString().ToLowerInvariant()}.", "InvalidType");
    }
}
