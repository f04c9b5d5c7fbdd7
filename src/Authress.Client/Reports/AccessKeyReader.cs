using System.Text;
using Authress.Client.AccessKeys;

namespace Authress.Client.Reports;

/// <summary>Reads texts and finds the access keys in them. Not for several threads at once.</summary>
public sealed class AccessKeyReader
{
    // Fits into a processor's cache, in which it is searched twice, and is several times the length of the longest key.
    private const int BufferLength = 256 * 1024;

    // The part of a file in which a zero byte means that it is not text.
    private const int BinaryCheckLength = 32 * 1024;

    private readonly AccessKeyScanner _scanner = new();
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _length;
    private bool _isLast;

    /// <summary>Finds the access keys in a file: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="path">Its path, for the results.</param>
    /// <param name="limit">The length above which it is not searched.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    public ReadResult Read(Stream file, string? path, long limit, CancellationToken cancellationToken)
    {
        Read read = file.Read;
        Fill(read, 0);
        Encoding? encoding = FindUtf16();
        if (encoding is null && Array.IndexOf(_buffer, (byte)0, 0, Math.Min(_length, BinaryCheckLength)) >= 0)
            return new ReadResult(ReadOutcome.Binary, []);
        if (file.CanSeek && file.Length > limit)
            return new ReadResult(ReadOutcome.TooLarge, []);
        if (encoding is not null)
        {
            file.Position = encoding.GetPreamble().Length;
            read = new Utf16Text(file, encoding).Read;
            Fill(read, 0);
        }

        return new ReadResult(ReadOutcome.Searched, Read(read, path, cancellationToken));
    }

    /// <summary>Finds the access keys in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Its path, for the results.</param>
    /// <param name="firstLine">The number of its first line.</param>
    public IReadOnlyList<FoundAccessKey> Read(string text, string? path, int firstLine = 1)
    {
        if (!AccessKeyScanner.MayContainKey(text))
            return [];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<FoundAccessKey> found = [];
        _scanner.Reset();
        Add(found, bytes, isLast: true, path, TextPlace.Start with { Line = firstLine });
        return found;
    }

    /// <summary>Forgets the texts that were read.</summary>
    public void Clear()
    {
        Array.Clear(_buffer, 0, _buffer.Length);
        _scanner.Clear();
    }

    private List<FoundAccessKey> Read(Read read, string? path, CancellationToken cancellationToken)
    {
        List<FoundAccessKey> found = [];
        TextPlace place = TextPlace.Start;
        int mark = StartsWithMark() ? 3 : 0;
        _scanner.Reset();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(found, _buffer.AsSpan(0, _length), _isLast, path, place, mark);
            if (_isLast)
                return found;
            int done = _scanner.Done;
            place = place.After(_buffer.AsSpan(mark, done - mark));
            mark = 0;
            _scanner.Drop(done);
            Buffer.BlockCopy(_buffer, done, _buffer, 0, _length - done);
            Fill(read, _length - done);
        }
    }

    private void Add(List<FoundAccessKey> found, ReadOnlySpan<byte> text, bool isLast, string? path, TextPlace place, int mark = 0)
    {
        foreach (ScannedKey scanned in _scanner.Scan(text, isLast))
        {
            TextPlace start = place.After(text.Slice(mark, scanned.Start - mark));
            found.Add(new FoundAccessKey(
                new AccessKeySighting(path, start.Line, start.Column, scanned.Key.ClientId, scanned.Key.KeyId)
                {
                    AccountId = scanned.Key.AccountId,
                    Form = scanned.Form,
                    PublicKey = scanned.Key.PublicKey,
                },
                scanned.Key));
        }
    }

    // Reads to the end of the text, or as much as fits.
    private void Fill(Read read, int kept)
    {
        (_length, _isLast) = (kept, false);
        while (!_isLast && BufferLength - _length >= Utf16Text.MinimumSpace)
        {
            int count = read(_buffer, _length, BufferLength - _length);
            _length += count;
            _isLast = count == 0;
        }
    }

    private Encoding? FindUtf16() => _length < 2 ? null : (_buffer[0], _buffer[1]) switch
    {
        (0xFF, 0xFE) => Encoding.Unicode,
        (0xFE, 0xFF) => Encoding.BigEndianUnicode,
        _ => null,
    };

    private bool StartsWithMark() => _length >= 3 && _buffer[0] == 0xEF && _buffer[1] == 0xBB && _buffer[2] == 0xBF;
}

/// <summary>An access key in a text.</summary>
/// <param name="Sighting">What is shown of it.</param>
/// <param name="Key">The key.</param>
public sealed record FoundAccessKey(AccessKeySighting Sighting, AccessKeyCredential Key);

/// <summary>The result of reading a file.</summary>
/// <param name="Outcome">Whether it was searched.</param>
/// <param name="Found">The access keys in it.</param>
public sealed record ReadResult(ReadOutcome Outcome, IReadOnlyList<FoundAccessKey> Found);

/// <summary>Whether a file was searched.</summary>
public enum ReadOutcome
{
    /// <summary>It was.</summary>
    Searched,

    /// <summary>It is not text.</summary>
    Binary,

    /// <summary>It is text, and too large.</summary>
    TooLarge,
}
