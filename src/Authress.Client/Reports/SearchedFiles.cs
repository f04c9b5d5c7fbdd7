namespace Authress.Client.Reports;

/// <summary>The results of searching some files.</summary>
public sealed class SearchedFiles
{
    private readonly List<object> _results = [];

    /// <summary>What is to be written: each <see cref="AccessKeySighting" /> and each <see cref="UnsearchedFile" />, in the order of the files.</summary>
    public IReadOnlyList<object> Results => _results;

    /// <summary>How many text files were searched.</summary>
    public int Files { get; private set; }

    /// <summary>Their length.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many files are not text.</summary>
    public int BinaryFiles { get; private set; }

    internal void Add(UnsearchedFile file) => _results.Add(file);

    internal void Add(IReadOnlyList<FoundAccessKey> found, long length, bool? isTracked)
    {
        Files++;
        Bytes += length;
        foreach (FoundAccessKey key in found)
        {
            key.Sighting.IsTracked = isTracked;
            _results.Add(key.Sighting);
        }
    }

    internal void AddBinary() => BinaryFiles++;
}

/// <summary>A text file or a folder that was not searched.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Problem">Why it can't be read; null if it is too large.</param>
/// <param name="Length">The length of a file that is too large.</param>
public sealed record UnsearchedFile(string Path, string? Problem, long? Length);
