using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Resolves PowerShell paths to files.</summary>
internal static class FilePath
{
    /// <summary>The full path of a file, which need not exist.</summary>
    /// <exception cref="IOException">It is a secret, or not a path of the file system, such as one in Env: or on a drive that does not exist.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        // As the name of a file, a secret would be in plain sight.
        if (Redaction.Finds(path))
            throw new IOException(Messages.CredentialMisplaced);
        try
        {
            string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);

            // Otherwise Env:x would become a file named x in the current folder, which may be a repository.
            return provider.Name == "FileSystem" ? file : throw new IOException(InvariantText.Format(Messages.FileOfProvider, provider.Name));
        }
        catch (SessionStateException e)
        {
            throw new IOException(e.Message, e);
        }
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
