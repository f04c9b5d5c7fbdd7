using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>A text file that holds an access key.</summary>
/// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
/// <param name="path">The path as specified.</param>
internal class FileSource(PSCmdlet cmdlet, string path) : ISecretSource
{
    public string Name => CommandText.Format(Messages.FileName, path);

    public object? Target => path;

    /// <summary>The full path.</summary>
    /// <exception cref="IOException">It is no path of the file system.</exception>
    public string FullPath => FilePath.Resolve(cmdlet, path);

    public SecureString Read() => WithIOExceptions(() => SecretText.Protect(BoundedFile.Read(FullPath)));

    // File.Exists is false as well for a folder that is missing or can't be searched, such as that of a disk that is not mounted.
    public SecureString? ReadIfAny()
    {
        try
        {
            _ = WithIOExceptions(() => File.GetAttributes(FullPath));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException e)
        {
            throw new IOException(Messages.FolderMissing, e);
        }

        return Read();
    }

    public KeyDescription? Describe() => null;

    /// <summary>Whether other users of this machine can read the file. Unknown on Windows.</summary>
#if NET
    public bool IsExposed() => WithIOExceptions(() => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(FullPath) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0);
#else
    public bool IsExposed() => false;
#endif

    /// <summary>Runs an action on the file. Whatever the file system throws becomes an IOException.</summary>
    private protected static T WithIOExceptions<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new IOException(e.Message, e);
        }
    }
}
