using System.Text.Json.Serialization;

namespace Authress.Bench.Subjects;

/// <summary>The JSON of the minimal request and response bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BareClient))]
[JsonSerializable(typeof(BareNewClient))]
[JsonSerializable(typeof(BarePage))]
internal sealed partial class BareJson : JsonSerializerContext;
