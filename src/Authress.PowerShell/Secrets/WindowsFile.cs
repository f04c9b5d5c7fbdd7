#if NET
using System.Runtime.Versioning;
#endif
using System.Security.AccessControl;
using System.Security.Principal;

namespace Authress.PowerShell.Secrets;

/// <summary>What only Windows has: access lists.</summary>
#if NET
[SupportedOSPlatform("windows")]
#endif
internal static class WindowsFile
{
    // Everything larger than the buffer is written at once; what a full disk did not take is not tried again at the close.
    private const int Unbuffered = 1;

    /// <summary>A new file that inherits no access and gives it to the present user alone.</summary>
    public static FileStream CreateForOwnerAlone(string path)
    {
        FileSecurity security = new();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new FileSystemAccessRule(WindowsIdentity.GetCurrent().User!, FileSystemRights.FullControl, AccessControlType.Allow));
#if NET
        return new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.Write, FileShare.None, Unbuffered, FileOptions.None, security);
#else
        return new FileStream(path, FileMode.CreateNew, FileSystemRights.Write, FileShare.None, Unbuffered, FileOptions.None, security);
#endif
    }
}
