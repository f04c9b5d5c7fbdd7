using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Authress.Client.Tests.Hostile;

/// <summary>
/// Makes valid input invalid: as text, as bytes and as JSON. Every choice comes from the given random source, so the
/// number of a case identifies it.
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

    /// <summary>A body: valid, mutated, or random.</summary>
    public static byte[] Body(Random random, string valid)
    {
        switch (random.Next(12))
        {
            case 0:
                return Encoding.UTF8.GetBytes(valid);
            case 1:
                byte[] any = new byte[random.Next(200)];
                random.NextBytes(any);
                return any;
            case 2:
                return Encoding.UTF8.GetBytes(Nested(random, valid));
            case 3:
                return Encoding.UTF8.GetBytes(Json(random, 0));
            case 4 or 5:
                return Bytes(random, Encoding.UTF8.GetBytes(valid));
            case 6:
                return Encoding.UTF8.GetBytes(Doubled(random, valid));
            case 7:
                return Encoding.UTF8.GetBytes(Text(random, valid));
            default:
                return Encoding.UTF8.GetBytes(Retyped(random, valid));
        }
    }

    /// <summary>Text with a few characters changed, removed, inserted, or cut off.</summary>
    public static string Text(Random random, string valid)
    {
        StringBuilder text = new(valid);
        for (int i = random.Next(1, 5); i > 0 && text.Length > 0; i--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(6))
            {
                case 0:
                    text.Remove(at, Math.Min(text.Length - at, random.Next(1, 8)));
                    break;
                case 1:
                    text.Insert(at, Structure[random.Next(Structure.Length)]);
                    break;
                case 2:
                    text.Length = at;
                    break;
                case 3:
                    text[at] = (char)(text[at] ^ (1 << random.Next(7)));
                    break;
                case 4:
                    text[at] = (char)random.Next(char.MaxValue + 1);
                    break;
                default:
                    text.Insert(at, text.ToString(at, Math.Min(text.Length - at, random.Next(1, 40))));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Bytes with bits flipped, invalid UTF-8 inserted, or cut off.</summary>
    public static byte[] Bytes(Random random, byte[] valid)
    {
        List<byte> bytes = [.. valid];
        for (int i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.InsertRange(at, BadUtf8[random.Next(BadUtf8.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }

    // Replaces a value: by another type, a number out of range, half a surrogate pair.
    private static string Retyped(Random random, string valid)
    {
        List<(int Start, int Length)> values = [];
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(valid));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                values.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
        }

        // The valid bodies are ASCII: a byte is a character.
        for (int i = random.Next(1, 3); i > 0; i--)
        {
            int which = random.Next(values.Count);
            (int start, int length) = values[which];
            values.RemoveRange(which, values.Count - which);
            valid = valid[..start] + (random.Next(3) == 0 ? Json(random, 2) : Words[random.Next(Words.Length)]) + valid[(start + length)..];
            if (values.Count == 0)
                break;
        }

        return valid;
    }

    // Repeats a member with another value.
    private static string Doubled(Random random, string valid)
    {
        int start = valid.LastIndexOf('{', random.Next(valid.Length)) + 1;
        int name = start < valid.Length ? valid.IndexOf('"', start) : -1;
        int end = name < 0 ? -1 : valid.IndexOf('"', name + 1);
        return end < 0 ? valid : valid[..start] + valid[name..(end + 1)] + ":" + Words[random.Next(Words.Length)] + "," + valid[start..];
    }

    private static string Nested(Random random, string valid)
    {
        int depth = random.Next(4) == 0 ? random.Next(20_000) : random.Next(1, 200);
        string deep = random.Next(2) == 0
            ? string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", random.Next(2) * depth))
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + string.Concat(Enumerable.Repeat("}", random.Next(2) * depth));
        return random.Next(2) == 0 ? deep : valid.Insert(valid.IndexOf('{') + 1, "\"more\":" + deep + ",");
    }

    private static string Json(Random random, int depth) => (depth > 4 ? random.Next(3) : random.Next(6)) switch
    {
        0 => Words[random.Next(Words.Length)],
        1 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        2 => JsonSerializer.Serialize(Characters(random)),
        3 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth + 1))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Names[random.Next(Names.Length)] + ":" + Json(random, depth + 1))) + "}",
    };

    /// <summary>Any characters, including halves of surrogate pairs.</summary>
    public static string Characters(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0x80))));

    private static readonly string[] Names =
        ["\"clients\"", "\"clientId\"", "\"name\"", "\"tags\"", "\"options\"", "\"rateLimits\"", "\"verificationKeys\"", "\"pagination\"", "\"next\"", "\"cursor\"", "\"links\"", "\"href\"", "\"keyId\"", "\"accessKey\"", "\"title\"", "\"keys\"", "\"x\"", "\"\"", "\"__proto__\""];
}
