namespace Authress.Client.Reports;

/// <summary>A place in a text, counted as editors do.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in UTF-16 code units.</param>
internal readonly record struct TextPlace(int Line, int Column)
{
    /// <summary>Where a text begins.</summary>
    public static TextPlace Start { get; } = new(1, 1);

    /// <summary>The place after a piece of UTF-8 text.</summary>
    public TextPlace After(ReadOnlySpan<byte> text)
    {
        int lastEnd = text.LastIndexOf((byte)'\n');
        return lastEnd < 0
            ? this with { Column = Column + Length(text) }
            : new TextPlace(Line + Count(text.Slice(0, lastEnd + 1)), 1 + Length(text.Slice(lastEnd + 1)));
    }

    private static int Count(ReadOnlySpan<byte> text)
    {
#if NET
        return text.Count((byte)'\n');
#else
        int count = 0;
        for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text.Slice(end + 1))
            count++;
        return count;
#endif
    }

    // One for each byte that begins a character, and one more for those outside the basic plane, of four bytes.
    private static int Length(ReadOnlySpan<byte> text)
    {
        int length = 0;
        foreach (byte b in text)
            length += (b & 0xC0) == 0x80 ? 0 : b < 0xF0 ? 1 : 2;
        return length;
    }
}
