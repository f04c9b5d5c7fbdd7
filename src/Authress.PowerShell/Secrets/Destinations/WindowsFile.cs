#if NET
using System.Runtime.Versioning;
#endif
using System.Security.AccessControl;
using System.Security.Principal;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>Files with an access list, which only Windows has.</summary>
#if NET
[SupportedOSPlatform("windows")]
#endif
internal static class WindowsFile
{
    // Otherwise a write that failed because of a full disk would be repeated when the file is closed.
    private const int Unbuffered = 1;

    /// <summary>Creates a file that inherits no access and that only the current user can read.</summary>
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
