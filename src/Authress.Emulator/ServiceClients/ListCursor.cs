using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Authress.Emulator.ServiceClients;

/// <summary>The opaque cursor of a listing: a position in the order of creation.</summary>
internal static class ListCursor
{
    // These bytes make every cursor begin with "+/+/", and its length makes it end in "=". A caller that does not encode a
    // cursor in a query therefore fails on the second page.
    private static readonly byte[] Mark = [0xFB, 0xFF, 0xBF];

    public static string Write(long afterSequence)
    {
        byte[] bytes = new byte[Mark.Length + sizeof(long)];
        Mark.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(Mark.Length), afterSequence);
        return Convert.ToBase64String(bytes);
    }

    public static bool TryRead([NotNullWhen(true)] string? cursor, out long afterSequence)
    {
        Span<byte> bytes = stackalloc byte[Mark.Length + sizeof(long)];
        if (cursor is not null
            && Convert.TryFromBase64String(cursor, bytes, out int length)
            && length == bytes.Length
            && bytes.StartsWith(Mark))
        {
            afterSequence = BinaryPrimitives.ReadInt64BigEndian(bytes[Mark.Length..]);
            return afterSequence is >= 0 and < long.MaxValue;
        }

        afterSequence = 0;
        return false;
    }
}
