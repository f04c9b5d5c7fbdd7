using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.Json;

/// <summary>Reads a point in time. One that can't be read is none: a date is no reason to refuse a client.</summary>
internal sealed class LenientTimeConverter : JsonConverter<DateTimeOffset?>
{
    private const byte Utc = (byte)'Z';

    /// <inheritdoc />
    /// <exception cref="JsonException">There is no text.</exception>
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();

        // As the contract has it, which the JSON library reads without making a text of it. Without a zone it would take the
        // time for this machine's own.
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
