using System.Management.Automation;
using System.Security;
#if NET
using Authress.PowerShell.Display;
#endif
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Connections;

/// <summary>A text file that holds an access key.</summary>
internal static class KeyFile
{
    /// <summary>Reads the key. Writes a warning if other users of the machine can read the file.</summary>
    public static SecureString Read(PSCmdlet cmdlet, string path)
    {
        try
        {
            string file = FilePath.Resolve(cmdlet, path);
            SecureString key = SecretText.Protect(BoundedFile.Read(file));
#if NET
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
                cmdlet.WriteWarning(CommandText.Format(Messages.KeyFileExposed, file));
#endif
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.KeyFileUnreadable(path, e));
            throw;
        }
    }
}
