using System.Text.Json.Nodes;
using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations;

/// <summary>The journal's records as text.</summary>
public class RotationJsonTests
{
    public static TheoryData<RotationStep> Steps => [.. Enum.GetValues<RotationStep>()];

    /// <summary>Texts that are no record, and why.</summary>
    private static readonly Dictionary<string, string> NoRecords = new()
    {
        ["empty"] = "",
        ["half"] = "{\"version\":1,\"rotation\":{\"id\":",
        ["zeros"] = "\0\0\0\0",
        ["null"] = "null",
        ["a number"] = "1",
        ["a list"] = "[]",
        ["no version"] = "{\"rotation\":null}",
        ["a version that is none"] = "{\"version\":\"one\"}",
        ["version 0"] = "{\"version\":0,\"rotation\":{}}",
        ["no rotation"] = "{\"version\":1}",
        ["an empty rotation"] = "{\"version\":1,\"rotation\":{}}",
    };

    /// <summary>Members without which a record can't be used.</summary>
    private static readonly Dictionary<string, Action<JsonObject>> Damages = new()
    {
        ["no id"] = record => record["id"] = null,
        ["no client"] = record => record["clientId"] = "",
        ["no API URL"] = record => record["apiUrl"] = null,
        ["no account"] = record => record["accountId"] = null,
        ["no destination"] = record => record["place"] = null,
        ["a destination without a name"] = record => record["place"]!["name"] = null,
        ["a destination without identity"] = record => record["place"]!["identity"] = null,
        ["no overlap"] = record => record.Remove("overlap"),
        ["a negative overlap"] = record => record["overlap"] = "-01:00:00",
        ["an unknown step"] = record => record["step"] = "Forgotten",
        ["a step out of range"] = record => record["step"] = 77,
        ["no time"] = record => record["startTime"] = "yesterday",
        ["negative failures"] = record => record["failedAttempts"] = -1,
        ["a text for the unconfirmed keys"] = record => record["unconfirmed"] = "none",
        ["an unconfirmed key that is none"] = record => record["unconfirmed"] = new JsonArray(new JsonObject { ["publicKey"] = "?", ["since"] = "2026-03-01T00:00:00+00:00" }),
        ["an unconfirmed key without text"] = record => record["unconfirmed"] = new JsonArray(new JsonObject { ["publicKey"] = null, ["since"] = "2026-03-01T00:00:00+00:00" }),
        ["null for an unconfirmed key"] = record => record["unconfirmed"] = new JsonArray((JsonNode?)null),
        ["a given-up key without an id"] = record => record["givenUp"] = new JsonArray(new JsonObject { ["keyId"] = null, ["dueTime"] = "2026-03-01T00:00:00+00:00" }),
        ["a given-up key without a time"] = record => record["givenUp"] = new JsonArray(new JsonObject { ["keyId"] = "k7" }),
        ["an unconfirmed key without a time"] = record => record["unconfirmed"] = new JsonArray(new JsonObject { ["publicKey"] = RotationTests.PublicKey() }),
        ["null for a given-up key"] = record => record["givenUp"] = new JsonArray((JsonNode?)null),
        ["null for a key that was taken out"] = record => record["takenOut"] = new JsonArray((JsonNode?)null),
        ["a public half that is none"] = record => record["publicKey"] = "?",
    };

    public static TheoryData<string> TextNames => [.. NoRecords.Keys];

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Steps))]
    public void Is_read_as_it_was_written(RotationStep step)
    {
        Rotation rotation = RotationTests.At(step).Fail("It failed.", counts: true) with
        {
            Unconfirmed = [new UnconfirmedKey(RotationTests.PublicKey(), DateTimeOffset.UtcNow)],
            GivenUp = [new GivenUpKey("k7", DateTimeOffset.UtcNow)],
            TakenOut = [new GivenUpKey("k6", DateTimeOffset.UtcNow)],
            SeenKeyId = "k8",
            FormerKeyId = "k9",
        };
        string text = RotationJson.Write(rotation);
        Rotation read = RotationJson.Read(text, "here");
        Assert.Equal(rotation, read with { Unconfirmed = rotation.Unconfirmed, GivenUp = rotation.GivenUp, TakenOut = rotation.TakenOut });
        Assert.Equal(rotation.Unconfirmed, read.Unconfirmed);
        Assert.Equal(rotation.GivenUp, read.GivenUp);
        Assert.Equal(rotation.TakenOut, read.TakenOut);
        Assert.Equal(text, RotationJson.Write(read));
    }

    [Theory]
    [MemberData(nameof(TextNames))]
    public void Refuses_a_text_that_is_no_record(string name) => Refuses(NoRecords[name]);

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void Refuses_a_record_that_is_damaged(string name) => Refuses(Damage(RotationStep.Delivered, Damages[name]));

    [Theory]
    [InlineData(RotationStep.Announced, "publicKey")]
    [InlineData(RotationStep.Registered, "publicKey")]
    [InlineData(RotationStep.Registered, "newKeyId")]
    [InlineData(RotationStep.Delivering, "publicKey")]
    [InlineData(RotationStep.Delivering, "newKeyId")]
    [InlineData(RotationStep.Delivered, "newKeyId")]
    [InlineData(RotationStep.Delivered, "dueTime")]
    [InlineData(RotationStep.Retiring, "newKeyId")]
    [InlineData(RotationStep.Retiring, "dueTime")]
    [InlineData(RotationStep.Completed, "newKeyId")]
    public void Refuses_a_record_that_lacks_what_its_step_needs(RotationStep step, string member) => Refuses(Damage(step, record => record[member] = null));

    [Theory]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":99,\"rotations\":[{\"clientId\":1}]}")]
    public void Refuses_a_record_of_a_newer_version_as_such(string text) => Assert.Equal("JournalNewer", Assert.Throws<RotationException>(() => RotationJson.Read(text, "here")).ErrorId);

    [Fact]
    public void Reads_a_record_with_members_that_it_does_not_know() =>
        Assert.Equal("k2", RotationJson.Read(Damage(RotationStep.Delivered, record => record["later"] = new JsonObject { ["x"] = 1 }), "here").NewKeyId);

    [Fact]
    public void Takes_nothing_for_no_unconfirmed_keys() =>
        Assert.Empty(RotationJson.Read(Damage(RotationStep.Delivered, record => record.Remove("unconfirmed")), "here").Unconfirmed);

    [Fact]
    public void Contains_no_more_than_the_record() =>
        Assert.Equal(
            ["accountId", "apiUrl", "clientId", "dueTime", "failedAttempts", "formerKeyId", "givenUp", "heldKeyId", "id", "isNote", "lastError", "newKeyId", "overlap", "place", "publicKey", "replacedKeyId", "seenKeyId", "startTime", "step", "stepTime", "takenOut", "unconfirmed"],
            Record(RotationStep.Delivered)["rotation"]!.AsObject().Select(member => member.Key).OrderBy(name => name, StringComparer.Ordinal));

    // The error names the entry.
    private static void Refuses(string text)
    {
        RotationException refused = Assert.Throws<RotationException>(() => RotationJson.Read(text, "here"));
        Assert.Equal("JournalDamaged", refused.ErrorId);
        Assert.Equal("here", refused.Values[0]);
    }

    private static string Damage(RotationStep step, Action<JsonObject> damage)
    {
        JsonNode record = Record(step);
        damage(record["rotation"]!.AsObject());
        return record.ToJsonString();
    }

    private static JsonNode Record(RotationStep step) => JsonNode.Parse(RotationJson.Write(RotationTests.At(step)))!;
}
