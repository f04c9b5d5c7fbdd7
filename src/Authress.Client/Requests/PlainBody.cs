using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.Requests;

/// <summary>A response's body without a model, as plain types.</summary>
/// <param name="Value">Dictionaries, lists, strings, booleans, longs, big integers, doubles and nulls.</param>
[JsonConverter(typeof(PlainBodyConverter))]
internal sealed record PlainBody(object? Value);

/// <summary>Reads any JSON straight from the response, so that the request's time-out covers it.</summary>
internal sealed class PlainBodyConverter : JsonConverter<PlainBody>
{
    public override PlainBody Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(PlainJson.Read(ref reader));

    public override void Write(Utf8JsonWriter writer, PlainBody value, JsonSerializerOptions options) => throw new NotSupportedException();
}
