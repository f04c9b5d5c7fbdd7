using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Authress.Client.Tests.Hostile;

/// <summary>
/// Spoils what is valid: as text, as bytes and as JSON. All of it comes from the one source of chance that it is given, so
/// that a case is told by its number alone.
/// </summary>
internal static class Mutation
{
    private static readonly string[] Words =
    [
        "null", "true", "-0", "1e999", "-1e-999", "99999999999999999999999999", "0.1", "2147483648", "\"\"", "[]", "{}", "[[]]", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u202e\\u001b[2J\\u009b1A\"", "NaN", "'x'", "//", "/**/", "\ufeff", "\"2026-13-45T99:99:99Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"P9999999Y\"",
    ];

    private static readonly string[] Structure = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "\n", "\t", " ", "\0", "\u2028", "\u202e", "\ud800", "😀"];

    private static readonly byte[][] BadUtf8 = [[0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xEF, 0xBB, 0xBF]];

    /// <summary>A body: a valid one, spoilt, or none at all.</summary>
    public static byte[] Body(Random chance, string valid)
    {
        switch (chance.Next(12))
        {
            case 0:
                return Encoding.UTF8.GetBytes(valid);
            case 1:
                byte[] any = new byte[chance.Next(200)];
                chance.NextBytes(any);
                return any;
            case 2:
                return Encoding.UTF8.GetBytes(Nested(chance, valid));
            case 3:
                return Encoding.UTF8.GetBytes(Json(chance, 0));
            case 4 or 5:
                return Bytes(chance, Encoding.UTF8.GetBytes(valid));
            case 6:
                return Encoding.UTF8.GetBytes(Doubled(chance, valid));
            case 7:
                return Encoding.UTF8.GetBytes(Text(chance, valid));
            default:
                return Encoding.UTF8.GetBytes(Retyped(chance, valid));
        }
    }

    /// <summary>Text with a few places changed, left out, put in, or cut off.</summary>
    public static string Text(Random chance, string valid)
    {
        StringBuilder text = new(valid);
        for (int i = chance.Next(1, 5); i > 0 && text.Length > 0; i--)
        {
            int at = chance.Next(text.Length);
            switch (chance.Next(6))
            {
                case 0:
                    text.Remove(at, Math.Min(text.Length - at, chance.Next(1, 8)));
                    break;
                case 1:
                    text.Insert(at, Structure[chance.Next(Structure.Length)]);
                    break;
                case 2:
                    text.Length = at;
                    break;
                case 3:
                    text[at] = (char)(text[at] ^ (1 << chance.Next(7)));
                    break;
                case 4:
                    text[at] = (char)chance.Next(char.MaxValue + 1);
                    break;
                default:
                    text.Insert(at, text.ToString(at, Math.Min(text.Length - at, chance.Next(1, 40))));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Bytes with bits turned, bytes that are no UTF-8 put in, or cut off.</summary>
    public static byte[] Bytes(Random chance, byte[] valid)
    {
        List<byte> bytes = [.. valid];
        for (int i = chance.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            int at = chance.Next(bytes.Count);
            switch (chance.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    bytes.InsertRange(at, BadUtf8[chance.Next(BadUtf8.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)chance.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    // One value becomes something else: another type, a number that fits nowhere, half a surrogate pair.
    private static string Retyped(Random chance, string valid)
    {
        List<(int Start, int Length)> values = [];
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(valid));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                values.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
        }

        // The valid bodies are ASCII, so that bytes are characters.
        for (int i = chance.Next(1, 3); i > 0; i--)
        {
            int which = chance.Next(values.Count);
            (int start, int length) = values[which];
            values.RemoveRange(which, values.Count - which);
            valid = valid[..start] + (chance.Next(3) == 0 ? Json(chance, 2) : Words[chance.Next(Words.Length)]) + valid[(start + length)..];
            if (values.Count == 0)
                break;
        }

        return valid;
    }

    // A member that stands twice, the second time with another value.
    private static string Doubled(Random chance, string valid)
    {
        int start = valid.LastIndexOf('{', chance.Next(valid.Length)) + 1;
        int name = start < valid.Length ? valid.IndexOf('"', start) : -1;
        int end = name < 0 ? -1 : valid.IndexOf('"', name + 1);
        return end < 0 ? valid : valid[..start] + valid[name..(end + 1)] + ":" + Words[chance.Next(Words.Length)] + "," + valid[start..];
    }

    private static string Nested(Random chance, string valid)
    {
        int depth = chance.Next(4) == 0 ? chance.Next(20_000) : chance.Next(1, 200);
        string deep = chance.Next(2) == 0
            ? string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", chance.Next(2) * depth))
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + string.Concat(Enumerable.Repeat("}", chance.Next(2) * depth));
        return chance.Next(2) == 0 ? deep : valid.Insert(valid.IndexOf('{') + 1, "\"more\":" + deep + ",");
    }

    private static string Json(Random chance, int depth) => (depth > 4 ? chance.Next(3) : chance.Next(6)) switch
    {
        0 => Words[chance.Next(Words.Length)],
        1 => chance.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        2 => JsonSerializer.Serialize(Characters(chance)),
        3 => "[" + string.Join(',', Enumerable.Range(0, chance.Next(4)).Select(_ => Json(chance, depth + 1))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, chance.Next(4)).Select(_ => Names[chance.Next(Names.Length)] + ":" + Json(chance, depth + 1))) + "}",
    };

    /// <summary>Any characters, halves of surrogate pairs among them.</summary>
    public static string Characters(Random chance) =>
        string.Concat(Enumerable.Range(0, chance.Next(40)).Select(_ => (char)(chance.Next(3) == 0 ? chance.Next(0x10000) : chance.Next(0x80))));

    private static readonly string[] Names =
        ["\"clients\"", "\"clientId\"", "\"name\"", "\"tags\"", "\"options\"", "\"rateLimits\"", "\"verificationKeys\"", "\"pagination\"", "\"next\"", "\"cursor\"", "\"links\"", "\"href\"", "\"keyId\"", "\"accessKey\"", "\"title\"", "\"keys\"", "\"x\"", "\"\"", "\"__proto__\""];
}
