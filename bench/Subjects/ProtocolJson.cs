using System.Text.Json.Serialization;

namespace Authress.Bench.Subjects;

/// <summary>The protocol between the benchmarks and a subject, the same for every language.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(BenchmarkJob))]
[JsonSerializable(typeof(Outcome))]
[JsonSerializable(typeof(Introduction))]
internal sealed partial class ProtocolJson : JsonSerializerContext;

/// <summary>A subject's first line.</summary>
/// <param name="Version">Its name and version.</param>
internal sealed record Introduction(string Version);
