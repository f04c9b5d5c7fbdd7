using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Authress.Emulator.Faults;

/// <summary>Faults and rules as JSON.</summary>
internal static class FaultJson
{
    private static readonly Dictionary<Type, string> Kinds = typeof(Fault)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    /// <summary>A misspelt member is an error: a rule that silently does something else would invalidate a test.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The kinds of faults, in the order of their declaration.</summary>
    public static IReadOnlyCollection<string> AllKinds => Kinds.Values;

    public static string KindOf(Type fault) => Kinds[fault];

    /// <summary>One rule, or an array of them.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static IReadOnlyList<FaultRule> ReadRules(ReadOnlySpan<byte> json)
    {
        JsonNode? node = JsonNode.Parse(json);
        return node is JsonArray rules ? [.. rules.Select(ReadRule)] : [ReadRule(node)];
    }

    private static FaultRule ReadRule(JsonNode? rule) =>
        rule.Deserialize<FaultRule>(Options) ?? throw new JsonException("A rule is an object.");
}

/// <summary>Reads a string as a fault without members, and an object with a status and no kind as a status fault.</summary>
internal sealed class FaultConverter : JsonConverter<Fault>
{
    public override Fault? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonNode? node = JsonNode.Parse(ref reader);
        if (node is JsonValue kind && kind.GetValueKind() == JsonValueKind.String)
            node = new JsonObject { ["kind"] = kind.GetValue<string>() };
        else if (node is JsonObject fault && !fault.ContainsKey("kind") && fault.ContainsKey("status"))
            fault["kind"] = "status";
        try
        {
            return node.Deserialize<Fault>(options);
        }
        catch (NotSupportedException problem)
        {
            throw new JsonException("A fault needs a kind.", problem);
        }
    }

    public override void Write(Utf8JsonWriter writer, Fault value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, options);
}
