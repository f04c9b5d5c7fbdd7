using System.Text;
using Authress.Client.AccessKeys;
#if NET
using System.Buffers;
#endif

namespace Authress.Client.Reports;

/// <summary>
/// Finds access keys of both forms in text, which may be split into blocks. What does not decode to a key is not found, so a token
/// or an example in a document is not.
/// </summary>
/// <remarks>
/// The text is UTF-8. A key may have the escapes of JSON or a URL for <c>+</c>, <c>/</c> and <c>=</c>. A key that is
/// split across lines is not found.
/// </remarks>
internal sealed class AccessKeyScanner
{
    /// <summary>The number of bytes before the current position that a key may begin in: three ids, and the start of the private key.</summary>
    public const int Lookback = (3 * (MaximumIdLength + 1)) + AnchorOffset + MaximumEscapeLength + 8;

    /// <summary>The longest text that is considered to be a key.</summary>
    public const int MaximumLength = 64 * 1024;

    private const int MaximumIdLength = 64;

    // Shorter than the base64 of any RSA key.
    private const int MinimumOlderLength = 512;

    // Where the anchor is in the base64 of a private key.
    private const int AnchorOffset = 9;

    // The longest escape, \u002B, and the backslashes before it where JSON is a text in JSON, up to three times.
    private const int MaximumEscapeLength = 6 + 7;

    private const int MaximumPrivateKeyLength = 256;

    private static readonly AccessKeyEscape[] Escapes =
    [
        new(@"\/", '/'), new(@"\u002B", '+'), new(@"\u002b", '+'), new(@"\u002F", '/'), new(@"\u002f", '/'), new(@"\u003D", '='), new(@"\u003d", '='),
        new("%2B", '+'), new("%2b", '+'), new("%2F", '/'), new("%2f", '/'), new("%3D", '='), new("%3d", '='),
    ];

#if NET
    private static readonly SearchValues<byte> Base64Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);
#endif

    private readonly byte[] _base64 = new byte[MaximumLength];
    private readonly List<ScannedKey> _found = [];

    // The text before these positions needs no further search.
    private int _fourPartFrom;
    private int _olderFrom;

    // In the base64 of every Ed25519 private key in PKCS#8, whatever its version and attributes: the end of the algorithm's id
    // and the beginning of the key (RFC 8410, section 7), in both alphabets. It begins with a rare letter.
    private static ReadOnlySpan<byte> FourPartAnchor => "QYDK2VwBCIE"u8;

    // The base64 of a JSON object.
    private static ReadOnlySpan<byte> OlderAnchor => "eyJ"u8;

    private static ReadOnlySpan<byte> OlderProperty => "\"privateKey\""u8;

    /// <summary>How many bytes at the start of the text are no longer needed.</summary>
    public int Done => Math.Max(0, Math.Min(_fourPartFrom, _olderFrom) - Lookback);

    /// <summary>Whether a text may contain a key. Much faster than a search.</summary>
    public static bool MayContainKey(string text) => text.Contains("QYDK2VwBCIE", StringComparison.Ordinal) || text.Contains("eyJ", StringComparison.Ordinal);

    /// <summary>Begins another text.</summary>
    public void Reset() => (_fourPartFrom, _olderFrom) = (0, 0);

    /// <summary>Forgets the secrets that were read.</summary>
    public void Clear() => Array.Clear(_base64, 0, _base64.Length);

    /// <summary>Removes bytes from the start of the text, at most <see cref="Done" />.</summary>
    public void Drop(int count) => (_fourPartFrom, _olderFrom) = (Math.Max(0, _fourPartFrom - count), Math.Max(0, _olderFrom - count));

    /// <summary>Finds the keys in a text that have not been found yet, in its order.</summary>
    /// <param name="text">What is left of the text, and its next block.</param>
    /// <param name="isLast">Whether the text ends here.</param>
    public IReadOnlyList<ScannedKey> Scan(ReadOnlySpan<byte> text, bool isLast)
    {
        _found.Clear();
        _fourPartFrom = ScanFourPart(text, isLast);
        _olderFrom = ScanOlder(text, isLast);
        if (_found.Count > 1)
            _found.Sort((one, other) => one.Start.CompareTo(other.Start));
        return _found;
    }

    private int ScanFourPart(ReadOnlySpan<byte> text, bool isLast)
    {
        int from = _fourPartFrom;
        while (true)
        {
            int offset = text.Slice(from).IndexOf(FourPartAnchor);
            if (offset < 0)
                return Math.Max(from, text.Length - FourPartAnchor.Length + 1);
            int anchor = from + offset;
            int start = StartOfFourPart(text, anchor);
            if (start >= 0)
            {
                int privateKey = anchor - AnchorOffset;
                int length = ReadBase64(text, privateKey, MaximumPrivateKeyLength, out int end);
                if (!isLast && MayContinue(text, privateKey, end, MaximumPrivateKeyLength))
                    return anchor;
                Add(start, AccessKeyForm.FourPart, ReadFourPart(text.Slice(start, privateKey - start), length));
            }

            from = anchor + FourPartAnchor.Length;
        }
    }

    private int ScanOlder(ReadOnlySpan<byte> text, bool isLast)
    {
        int from = _olderFrom;
        while (true)
        {
            int offset = from < text.Length ? text.Slice(from).IndexOf(OlderAnchor) : -1;
            if (offset < 0)
                return Math.Max(from, text.Length - OlderAnchor.Length + 1);
            int start = from + offset;
            int length = ReadBase64(text, start, MaximumLength, out int end);
            if (!isLast && MayContinue(text, start, end, MaximumLength))
                return start;
            if (end - start < MaximumLength)
                Add(start, AccessKeyForm.Older, ReadOlder(length));

            // All of it: otherwise a long text that contains the anchor again and again would be read as often.
            from = end + RunLength(text.Slice(end));
        }
    }

    private void Add(int start, AccessKeyForm form, AccessKeyCredential? key)
    {
        if (key is not null)
            _found.Add(new ScannedKey(start, form, key));
    }

    // The start of clientId.keyId.accountId. before a private key; negative if there is none.
    private static int StartOfFourPart(ReadOnlySpan<byte> text, int anchor)
    {
        int start = anchor - AnchorOffset;
        for (int part = 0; part < 3; part++)
        {
            int dot = start - 1;
            start = dot < 0 || text[dot] != '.' ? -1 : StartOfId(text, dot);
            if (start < 0)
                return -1;
        }

        return start;
    }

    private static int StartOfId(ReadOnlySpan<byte> text, int end)
    {
        int start = end;
        while (start > 0 && IsIdLetter(text[start - 1]))
        {
            if (end - start == MaximumIdLength + MaximumEscapeLength)
                return -1;
            start--;
        }

        start += EscapeLength(text, start);
        return end - start is > 0 and <= MaximumIdLength ? start : -1;
    }

    // The number of letters that belong to an escape before the id, as in "\nsc_x" or KEY%3Dsc_x.
    private static int EscapeLength(ReadOnlySpan<byte> text, int start) => start == 0 || start == text.Length ? 0 : (text[start - 1], text[start]) switch
    {
        ((byte)'\\', (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f') => 1,
        ((byte)'\\', (byte)'u') => 5,
        ((byte)'%', _) => 2,
        _ => 0,
    };

    private AccessKeyCredential? ReadFourPart(ReadOnlySpan<byte> ids, int length)
    {
        // The length of a DER sequence, in its short form, is in its second byte.
        int content = ((Value(_base64[1]) & 0xF) << 4) | (Value(_base64[2]) >> 2);
        int letters = (((content + 2) * 8) + 5) / 6;
        if (_base64[0] != 'M' || content > 0x7F || letters > length)
            return null;

        // A letter after the key, as in a path of a URL, is not part of it.
        return Parse(Encoding.ASCII.GetString(ids.ToArray()) + Encoding.ASCII.GetString(_base64, 0, letters));
    }

    private AccessKeyCredential? ReadOlder(int length)
    {
        // No base64 has such a length.
        if (length < MinimumOlderLength || length % 4 == 1)
            return null;
        string text = Encoding.ASCII.GetString(_base64, 0, length);

        // Most of what begins like this is part of a token.
        return Base64Text.Decode(text).AsSpan().IndexOf(OlderProperty) < 0 ? null : Parse(text);
    }

    private static AccessKeyCredential? Parse(string text)
    {
        try
        {
            return AccessKeyCredential.Parse(text);
        }
        catch (FormatException)
        {
            // Only looks like one.
            return null;
        }
    }

    // Copies base64 to the buffer, without escapes and padding.
    private int ReadBase64(ReadOnlySpan<byte> text, int start, int maximum, out int end)
    {
        ReadOnlySpan<byte> considered = text.Slice(start, Math.Min(text.Length - start, maximum));
        int length = 0;
        int position = 0;
        while (true)
        {
            int run = RunLength(considered.Slice(position));
            considered.Slice(position, run).CopyTo(_base64.AsSpan(length));
            length += run;
            position += run;
            if (!TryReadEscape(considered.Slice(position), out int escape, out byte letter) || letter == '=')
                break;
            _base64[length++] = letter;
            position += escape;
        }

        end = start + position;
        return length;
    }

    // Whether more of what ends here may be in the next block: a letter or the rest of an escape.
    private static bool MayContinue(ReadOnlySpan<byte> text, int start, int end, int maximum) =>
        text.Length - end < MaximumEscapeLength && text.Length - start < maximum;

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out int length, out byte letter)
    {
        (length, letter) = (0, 0);
        int start = 0;
        while (start + 1 < text.Length && start < MaximumEscapeLength && text[start] == '\\' && text[start + 1] == '\\')
            start++;
        if (text.Length == 0 || text[start] is not ((byte)'\\' or (byte)'%'))
            return false;
        foreach (AccessKeyEscape escape in Escapes)
        {
            if (text.Slice(start).StartsWith(escape.Bytes))
            {
                (length, letter) = (start + escape.Bytes.Length, escape.Letter);
                return true;
            }
        }

        return false;
    }

#if NET
    private static int RunLength(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Base64Letters) is var end && end < 0 ? text.Length : end;
#else
    private static int RunLength(ReadOnlySpan<byte> text)
    {
        int end = 0;
        while (end < text.Length && (IsIdLetter(text[end]) || text[end] is (byte)'+' or (byte)'/'))
            end++;
        return end;
    }
#endif

    private static bool IsIdLetter(byte b) => b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'-';

    private static int Value(byte letter) => letter switch
    {
        >= (byte)'A' and <= (byte)'Z' => letter - 'A',
        >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        _ => 63,
    };

    private readonly struct AccessKeyEscape(string text, char letter)
    {
        public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(text);

        public byte Letter { get; } = (byte)letter;
    }
}

/// <summary>An access key in a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Form">Its form.</param>
/// <param name="Key">The key.</param>
internal readonly record struct ScannedKey(int Start, AccessKeyForm Form, AccessKeyCredential Key);
