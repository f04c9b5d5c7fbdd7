using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Resolves PowerShell paths to files.</summary>
internal static class FilePath
{
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

    /// <summary>The full paths of the files and folders that match a pattern.</summary>
    /// <exception cref="FileNotFoundException">There is none of a name without wildcards.</exception>
    /// <exception cref="IOException">It is a secret, not a path of the file system, or not a pattern.</exception>
    public static IReadOnlyList<string> Match(PSCmdlet cmdlet, string pattern)
    {
        Check(pattern);
        try
        {
            IReadOnlyList<string> files = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider);
            Check(provider);
            return files;
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

    /// <summary>The path of a file without links in its folders. Two paths of one folder give the same.</summary>
    /// <param name="file">The full path.</param>
    /// <exception cref="IOException">The links form a circle.</exception>
    public static string WithoutLinks(string file)
    {
#if NET
        string? parent = Path.GetDirectoryName(file);
        return parent is null ? file : Path.Combine(RealFolder(new DirectoryInfo(parent)), Path.GetFileName(file));
#else
        // .NET Framework can't resolve them.
        return file;
#endif
    }

    /// <summary>What two paths of one file have in common.</summary>
    /// <param name="file">The full path.</param>
    /// <exception cref="IOException">The links form a circle.</exception>
    public static string Identify(string file)
    {
        string real = WithoutLinks(file);
        return Environment.OSVersion.Platform == PlatformID.Unix && !IsMacOS ? real : real.ToUpperInvariant();
    }

#if NET
    private static bool IsMacOS => OperatingSystem.IsMacOS();

    private static string RealFolder(DirectoryInfo folder) =>
        folder.ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealFolder(new DirectoryInfo(target.FullName))
        : folder.Parent is { } parent ? Path.Combine(RealFolder(parent), folder.Name)
        : folder.FullName;
#else
    private static bool IsMacOS => false;
#endif
}
