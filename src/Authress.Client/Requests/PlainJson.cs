using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Authress.Client.Requests;

/// <summary>Converts between JSON and .NET's plain types, for bodies without a model.</summary>
internal static class PlainJson
{
    /// <summary>The deepest nesting that is written.</summary>
    private const int MaximumDepth = 64;

    private const int MaximumDigits = 1000;

    /// <summary>Writes dictionaries, lists, text, numbers, booleans and dates.</summary>
    /// <exception cref="ArgumentException">The value contains another type, or is nested too deeply.</exception>
    public static byte[] Write(object? value)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { MaxDepth = MaximumDepth + 1 }))
            Write(writer, value, 0);
        return buffer.ToArray();
    }

    /// <summary>Validates JSON text and returns its bytes.</summary>
    /// <exception cref="ArgumentException">The text isn't JSON.</exception>
    public static byte[] Check(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Json.AuthressJsonContext.Default.JsonElement);
        }
        catch (JsonException e)
        {
            // The reader's message may quote the body.
            throw new ArgumentException(InvariantText.Format(Messages.BodyInvalid, e.LineNumber + 1, e.BytePositionInLine + 1));
        }
    }

    /// <summary>Reads JSON into plain types.</summary>
    /// <exception cref="JsonException">A number has more digits than any use needs, or the JSON is not valid.</exception>
    public static object? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => ReadNumber(ref reader),
        _ => null,
    };

    // The last value of a repeated member counts, as in most readers.
    private static List<KeyValuePair<string, object?>> ReadObject(ref Utf8JsonReader reader)
    {
        List<KeyValuePair<string, object?>> members = [];
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            KeyValuePair<string, object?> member = new(name, Read(ref reader));
            if (positions.TryGetValue(name, out int position))
            {
                members[position] = member;
                continue;
            }

            positions.Add(name, members.Count);
            members.Add(member);
        }

        return members;
    }

    private static List<object?> ReadArray(ref Utf8JsonReader reader)
    {
        List<object?> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader));
        return items;
    }

    // As in PowerShell's own reader, an integer beyond 64 bits stays exact.
    private static object ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out long whole))
            return whole;
        ReadOnlySpan<byte> text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0)
            return reader.GetDouble();

        // Reading so many digits takes time that grows with their square.
        return text.Length <= MaximumDigits
            ? BigInteger.Parse(Encoding.ASCII.GetString(text.ToArray()), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : throw new JsonException();
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        if (depth > MaximumDepth)
            throw new ArgumentException(InvariantText.Format(Messages.BodyTooDeep, MaximumDepth));
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case DateTime date:
                writer.WriteStringValue(date);
                break;
            case DateTimeOffset date:
                writer.WriteStringValue(date);
                break;
            case Guid or Uri or char or TimeSpan or Enum:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case float or double:
                double real = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                if (double.IsNaN(real) || double.IsInfinity(real))
                    throw new ArgumentException(Messages.BodyNumber);
                writer.WriteNumberValue(real);
                break;
            case BigInteger number:
                writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                writer.WriteStartObject();
                foreach (KeyValuePair<string, object?> member in members)
                {
                    writer.WritePropertyName(member.Key);
                    Write(writer, member.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable<object?> items:
                writer.WriteStartArray();
                foreach (object? item in items)
                    Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException(InvariantText.Format(Messages.BodyType, value.GetType().Name));
        }
    }
}
