using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Resolves PowerShell paths to files.</summary>
internal static class FilePath
{
#if NET
    // As Linux has it.
    private const int MaximumLinks = 40;

#endif
    /// <summary>The full path of a file, which need not exist.</summary>
    /// <exception cref="IOException">It is a secret, or not a path of the file system, such as one in Env: or on a drive that does not exist.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        Check(path);
        try
        {
            string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            Check(provider);
            return file;
        }
        catch (SessionStateException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>
    /// The full paths of the files and folders that match a pattern. As a pattern, <c>[a]b</c> does not match the file of that
    /// name, which is what the user means where it exists.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="report">Receives each folder that can't be listed, and why. PowerShell takes one for empty.</param>
    /// <exception cref="FileNotFoundException">There is none of a name without wildcards.</exception>
    /// <exception cref="IOException">It is a secret, not a path of the file system, or not a pattern.</exception>
    public static IReadOnlyList<string> Match(PSCmdlet cmdlet, string pattern, Action<string, string> report)
    {
        Check(pattern);
        string? literal = FindLiteral(cmdlet, pattern);
        try
        {
            IReadOnlyList<string> files = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider);
            Check(provider);
            if (literal is null && WildcardPattern.ContainsWildcardCharacters(pattern))
                ReportUnlisted(Resolve(cmdlet, pattern), report);
            return literal is null || files.Contains(literal) ? files : [.. files.Prepend(literal)];
        }
        catch (RuntimeException) when (literal is not null)
        {
            return [literal];
        }
        catch (ItemNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, e);
        }
        catch (RuntimeException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    // Follows the pattern as PowerShell does, which passes over hidden files and folders.
    private static void ReportUnlisted(string pattern, Action<string, string> report)
    {
        string root = Path.GetPathRoot(pattern)!;
        string[] names = pattern.Substring(root.Length).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> paths = [root];
        foreach (string name in names)
            paths = WildcardPattern.ContainsWildcardCharacters(name) ? [.. paths.Where(path => !IsFile(path)).SelectMany(folder => List(folder, name))] : paths.Select(folder => Path.Combine(folder, WildcardPattern.Unescape(name)));

        // A folder may hide whether it has a certain file.
        foreach (string path in paths)
            _ = Try(path, () => File.GetAttributes(path));

        IEnumerable<string> List(string folder, string name)
        {
            WildcardPattern wildcard = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            return Try(folder, () => (string[])[.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(item => (item.Attributes & FileAttributes.Hidden) == 0 && wildcard.IsMatch(item.Name)).Select(item => item.FullName)]) ?? [];
        }

        T? Try<T>(string path, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return default;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                report(path, e.Message);
                return default;
            }
        }
    }

    // But not a link, which may lead to a folder that can't be reached.
    private static bool IsFile(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) == 0;

    private static string? FindLiteral(PSCmdlet cmdlet, string pattern)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
            return null;
        try
        {
            string path = Resolve(cmdlet, pattern);
            return File.Exists(path) || Directory.Exists(path) ? path : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // As the name of a file, a secret would be in plain sight.
    private static void Check(string path)
    {
        if (Redaction.Finds(path))
            throw new IOException(Messages.CredentialMisplaced);
    }

    // Otherwise Env:x would become a file named x in the current folder, which may be a repository.
    private static void Check(ProviderInfo provider)
    {
        if (provider.Name != "FileSystem")
            throw new IOException(InvariantText.Format(Messages.FileOfProvider, provider.Name));
    }

    /// <summary>The path of a file without links, in its folders or in itself. Two paths of one file give the same.</summary>
    /// <param name="file">The full path.</param>
    /// <exception cref="IOException">The links form a circle, or Windows PowerShell can't follow one.</exception>
    public static string WithoutLinks(string file)
    {
#if NET
        // Step by step: a target such as ../x is relative to the folder that a link before it leads to.
        Stack<string> rest = new();
        string real = Path.GetPathRoot(file)!;
        Push(file);
        for (int links = 0; rest.TryPop(out string? name);)
        {
            string next = name == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, name);
            if (name == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaximumLinks)
                throw new IOException(Messages.FileLinksCircle);
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(Path.GetFullPath(target, real))!;
            Push(target);
        }

        return real;

        void Push(string path)
        {
            string[] names = path.Substring(Path.GetPathRoot(path)!.Length).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
            foreach (string name in Enumerable.Reverse(names).Where(name => name != "."))
                rest.Push(name);
        }
#else
        // .NET Framework can't resolve them. Those of folders do no harm; one of a file would be replaced by a file.
        return File.Exists(file) && (File.GetAttributes(file) & FileAttributes.ReparsePoint) != 0 ? throw new IOException(Messages.FileIsLink) : file;
#endif
    }

    /// <summary>What two paths of one file have in common.</summary>
    /// <param name="file">The full path.</param>
    /// <exception cref="IOException">The links form a circle, or Windows PowerShell can't follow one.</exception>
    public static string Identify(string file)
    {
        string real = WithoutLinks(file);
        return Environment.OSVersion.Platform == PlatformID.Unix && !IsMacOS ? real : real.ToUpperInvariant();
    }

#if NET
    private static bool IsMacOS => OperatingSystem.IsMacOS();
#else
    private static bool IsMacOS => false;
#endif
}
