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
    /// <exception cref="FileNotFoundException">There is none of a name without wildcards.</exception>
    /// <exception cref="IOException">It is a secret, not a path of the file system, or not a pattern.</exception>
    public static IReadOnlyList<string> Match(PSCmdlet cmdlet, string pattern)
    {
        Check(pattern);
        string? literal = FindLiteral(cmdlet, pattern);
        try
        {
            IReadOnlyList<string> files = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider);
            Check(provider);
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
