namespace Authress.Client.Reports;

/// <summary>Lists the files that are searched, each folder's files before its subfolders, by name. Doesn't follow links.</summary>
/// <param name="options">Which files.</param>
internal sealed class FileTree(FileSearchOptions options)
{
    private const string GitFolder = ".git";

    // A pipeline from Get-ChildItem -Recurse names each folder and everything in it.
    private readonly HashSet<string> _searched = new(StringComparer.Ordinal);

    /// <summary>Lists the files in a folder, or a file itself.</summary>
    /// <param name="start">The full path, and whether the user named it.</param>
    public IEnumerable<FileEntry> List(SearchStart start)
    {
        string path = WithoutEnd(start.Path);
        bool isFolder = Directory.Exists(path);

        // A folder is named to be searched, whatever its name is.
        if (IsSearched(path, isFolder) || (!(isFolder && start.IsNamed) && options.Excludes(Path.GetFileName(path))))
            yield break;
        if (!isFolder)
        {
            // A device has no length. It is read where it is named.
            if (options.Includes(Path.GetFileName(path)))
                yield return new FileEntry(path, 0, null);
            yield break;
        }

        _searched.Add(path);
        Stack<(string Folder, int Level)> folders = new([(path, 0)]);
        while (folders.Count > 0)
        {
            (string folder, int level) = folders.Pop();
            FileSystemInfo[] items = Read(folder, out string? problem);
            if (problem is not null)
                yield return new FileEntry(folder, 0, problem);
            foreach (FileInfo file in items.OfType<FileInfo>().Where(file => options.Includes(file.Name)))
            {
                if (LengthOf(file, out problem) is var length && (length > 0 || problem is not null))
                    yield return new FileEntry(file.FullName, length, problem);
            }

            if (level >= options.Depth)
                continue;
            foreach (DirectoryInfo inner in items.OfType<DirectoryInfo>().Where(inner => inner.Name != GitFolder || options.SearchesGitFolders).Reverse())
                folders.Push((inner.FullName, level + 1));
        }
    }

    private FileSystemInfo[] Read(string folder, out string? problem)
    {
        problem = null;
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(item => !IsLink(item) && !options.Excludes(item.Name)).OrderBy(item => item.Name, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            problem = e.Message;
            return [];
        }
    }

    // Pipes and devices have no length, and could be read for ever.
    private static long LengthOf(FileInfo file, out string? problem)
    {
        problem = null;
        try
        {
            return file.Length;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            problem = e.Message;
            return 0;
        }
    }

    /// <summary>Whether it is what the file system throws.</summary>
    internal static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or System.Security.SecurityException or NotSupportedException or ArgumentException;

#if NET
    // Also files that a cloud's client downloads on demand are reparse points, which are not links.
    private static bool IsLink(FileSystemInfo item) => item.Attributes.HasFlag(FileAttributes.ReparsePoint) && item.LinkTarget is not null;
#else
    private static bool IsLink(FileSystemInfo item) => (item.Attributes & FileAttributes.ReparsePoint) != 0;
#endif

    // Whether it was searched with a folder above it. With a limited depth, a named folder goes further down than that.
    private bool IsSearched(string path, bool isFolder)
    {
        long levels = options.Depth == int.MaxValue || !isFolder ? options.Depth + 1L : 0;
        for (string? folder = path; folder is not null && levels >= 0; folder = Path.GetDirectoryName(folder), levels--)
        {
            if (_searched.Contains(folder))
                return true;
        }

        return false;
    }

    private static string WithoutEnd(string path) => path.Length > Path.GetPathRoot(path)?.Length ? path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) : path;
}

/// <summary>A file or folder in which the search begins.</summary>
/// <param name="Path">The full path.</param>
/// <param name="IsNamed">Whether the user named it, rather than a pattern or another command.</param>
internal readonly record struct SearchStart(string Path, bool IsNamed);

/// <summary>A file to search.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">Its length; 0 if unknown.</param>
/// <param name="Problem">Why it, or the folder, can't be read; null if it can.</param>
internal readonly record struct FileEntry(string Path, long Length, string? Problem);
