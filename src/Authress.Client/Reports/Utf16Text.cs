using System.Text;

namespace Authress.Client.Reports;

/// <summary>Reads bytes into a buffer, as <see cref="Stream.Read(byte[], int, int)" /> does.</summary>
internal delegate int Read(byte[] buffer, int offset, int count);

/// <summary>Reads a UTF-16 file as UTF-8.</summary>
/// <param name="file">The file, after its byte order mark.</param>
/// <param name="encoding">Its encoding.</param>
internal sealed class Utf16Text(Stream file, Encoding encoding)
{
    /// <summary>The space that a buffer must have left.</summary>
    public const int MinimumSpace = 16;

    // The most that UTF-8 needs for a UTF-16 code unit.
    private const int MaximumBytes = 3;

    private readonly Decoder _decoder = encoding.GetDecoder();
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly byte[] _bytes = new byte[32 * 1024];
    private readonly char[] _letters = new char[16 * 1024];

    /// <summary>Reads the next part. No bytes are the end of the file.</summary>
    public int Read(byte[] buffer, int offset, int count)
    {
        while (true)
        {
            // The decoder and the encoder may each have half of something from before.
            int letters = Math.Min(_letters.Length, (count / MaximumBytes) - 1) - 2;
            int length = file.Read(_bytes, 0, letters * sizeof(char));
            int decoded = _decoder.GetChars(_bytes, 0, length, _letters, 0, flush: length == 0);
            int bytes = _encoder.GetBytes(_letters, 0, decoded, buffer, offset, flush: length == 0);
            if (bytes > 0 || length == 0)
                return bytes;
        }
    }
}
