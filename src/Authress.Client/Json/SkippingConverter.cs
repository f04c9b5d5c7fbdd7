using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.Json;

/// <summary>Passes over a member that is known and of no use, so that it is neither kept nor among those that are not known.</summary>
internal sealed class SkippingConverter : JsonConverter<object?>
{
    /// <inheritdoc />
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options) => writer.WriteNullValue();
}
