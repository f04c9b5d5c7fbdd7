using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.Json;

/// <summary>Skips a known member that isn't needed, so that it isn't kept among the unknown ones.</summary>
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
