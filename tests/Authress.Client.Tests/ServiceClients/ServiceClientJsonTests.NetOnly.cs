using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>What this library does not know goes back as it came. CsCheck has no build for .NET Framework.</summary>
public class ServiceClientJsonTests
{
    // Names that are no member of a client, an option or a limit.
    private static Gen<string> UnknownName { get; } =
        Gen.OneOf(Gen.Char['a', 'z'].Array[1, 8].Select(letters => "x" + new string(letters)), Gen.OneOf("", "Name", "NAME", "client_id", "grantTokengeneration", "$type", "__proto__", "a.b", "é", "😀", "\u0000", "\"", "\\"));

    private static Gen<JsonNode?> Leaf { get; } =
        Gen.OneOf(
            Gen.Const((JsonNode?)null),
            Gen.Bool.Select(value => (JsonNode?)JsonValue.Create(value)),
            Gen.Long.Select(value => (JsonNode?)JsonValue.Create(value)),
            Gen.OneOf("1e400", "-0", "0.10000000000000000000000001", "123456789012345678901234567890").Select(number => JsonNode.Parse(number)),
            Gen.String[Gen.Char['\u0000', '\ud7ff'], 0, 12].Select(value => (JsonNode?)JsonValue.Create(value)));

    private static Gen<JsonNode?> Any(int depth) => depth == 0
        ? Leaf
        : Gen.OneOf(
            Leaf,
            Any(depth - 1).Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Members(depth - 1).Select(members => (JsonNode?)ToObject(members)));

    private static Gen<Dictionary<string, JsonNode?>> Members(int depth) => Gen.Dictionary(UnknownName, Any(depth))[0, 4];

    [Fact]
    public void Unknown_members_are_sent_back_unchanged_at_every_level() =>
        Gen.Select(Members(2), Members(1), Members(1)).Sample((inClient, inOptions, inLimit) =>
        {
            JsonObject sent = ToObject(inClient);
            JsonObject options = ToObject(inOptions);
            options["grantTokenGeneration"] = true;
            JsonObject limit = ToObject(inLimit);
            limit["duration"] = "PT1H";
            limit["quota"] = 5;
            sent["clientId"] = "sc_a";
            sent["name"] = "old";
            sent["tags"] = new JsonObject { ["env"] = "test" };
            sent["options"] = options;
            sent["rateLimits"] = new JsonArray(limit);

            ServiceClientJson read = JsonSerializer.Deserialize(sent.ToJsonString(), AuthressJsonContext.Default.ServiceClientJson)!;
            ServiceClientChange change = new() { Name = new("new"), RateLimit = new(new RateLimit("PT5M", 7)), GrantUserPermissionsAccess = new(true) };
            byte[] written = JsonSerializer.SerializeToUtf8Bytes(ServiceClientMerge.Apply(read, change)!, AuthressJsonContext.Default.ServiceClientJson);

            JsonObject expected = (JsonObject)sent.DeepClone();
            expected.Remove("clientId");
            expected["name"] = "new";
            expected["options"]!["grantUserPermissionsAccess"] = true;
            expected["rateLimits"]![0]!["duration"] = "PT5M";
            expected["rateLimits"]![0]!["quota"] = 7;
            return JsonNode.DeepEquals(expected, JsonNode.Parse(written));
        });

    private static JsonObject ToObject(Dictionary<string, JsonNode?> members)
    {
        JsonObject made = [];
        foreach ((string name, JsonNode? value) in members)
            made[name] = value?.DeepClone();
        return made;
    }
}
