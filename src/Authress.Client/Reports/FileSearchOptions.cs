namespace Authress.Client.Reports;

/// <summary>Which files are searched.</summary>
public sealed record FileSearchOptions
{
    /// <summary>10 MB.</summary>
    public const long DefaultMaximumFileSize = 10 * 1024 * 1024;

    /// <summary>Whether a file of this name is searched.</summary>
    public Func<string, bool> Includes { get; init; } = _ => true;

    /// <summary>Whether a file or folder of this name is left out.</summary>
    public Func<string, bool> Excludes { get; init; } = _ => false;

    /// <summary>How many levels of folders below the named one are searched.</summary>
    public int Depth { get; init; } = int.MaxValue;

    /// <summary>The length in bytes above which a text file is not searched.</summary>
    public long MaximumFileSize { get; init; } = DefaultMaximumFileSize;

    /// <summary>Whether the folders in which git keeps its own files are searched.</summary>
    public bool SearchesGitFolders { get; init; }

    /// <summary>Whether git tracks a file; null if that is not known.</summary>
    public Func<string, bool?> IsTracked { get; init; } = _ => null;
}
