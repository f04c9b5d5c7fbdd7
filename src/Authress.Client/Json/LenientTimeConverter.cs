using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.Json;

/// <summary>Reads a timestamp. An unreadable one is null, because a timestamp is no reason to reject a client.</summary>
internal sealed class LenientTimeConverter : JsonConverter<DateTimeOffset?>
{
    private const byte Utc = (byte)'Z';

    /// <inheritdoc />
    /// <exception cref="JsonException">The value is not a string.</exception>
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();

        // The JSON library reads a UTC timestamp without allocating a string. It would read one without a zone as local time.
        if (!reader.HasValueSequence && reader.ValueSpan is [.., Utc] && reader.TryGetDateTimeOffset(out DateTimeOffset time))
            return time;
        return DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time : null;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            writer.WriteStringValue(time);
        else
            writer.WriteNullValue();
    }
}
