using System.Text.Json.Serialization;

namespace Authress.Emulator.Faults;

/// <summary>Which requests get a fault.</summary>
public sealed record FaultRule
{
    /// <summary>The HTTP method, or <c>*</c> for any.</summary>
    public string Method { get; init; } = "*";

    /// <summary>The path as it is sent, without the query; each <c>*</c> stands for any characters, slashes included.</summary>
    public string Path { get; init; } = "*";

    /// <summary>How many requests get the fault; 0 or less for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many matching requests to skip first.</summary>
    public int Skip { get; init; }

    /// <summary>The fault.</summary>
    [JsonConverter(typeof(FaultConverter))]
    public required Fault Fault { get; init; }
}
