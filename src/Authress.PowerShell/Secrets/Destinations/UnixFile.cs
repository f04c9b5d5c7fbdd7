#if NET
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>What .NET can't do with files on Unix. Each method is one function of the C library; none has a struct, whose layout would differ by platform.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixFile
{
    private const string AccessListName = "system.posix_acl_access";

    // The longest value that Linux keeps.
    private const int MaximumAccessListLength = 64 * 1024;

    // Numbers of Linux, which alone is asked for access lists.
    private const int NoData = 61;
    private const int NotSupported = 95;

    // The same on every platform.
    private const int WriteAndSearch = 3;

    /// <summary>Gives an open file to a user and a group.</summary>
    /// <exception cref="IOException">This user may not, or the file system can't.</exception>
    public static void ChangeOwner(SafeFileHandle file, int userId, int groupId) => ThrowIfFailed(FChOwn(file, (uint)userId, (uint)groupId));

    /// <summary>The access list of a file, which gives other users and groups access; null if it has none, or on macOS, where it has another form.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public static byte[]? GetAccessList(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        byte[] list = new byte[MaximumAccessListLength];
        nint length = GetXAttr(path, AccessListName, list, (nuint)list.Length);
        if (length < 0 && Marshal.GetLastPInvokeError() is NoData or NotSupported)
            return null;
        ThrowIfFailed(length);
        return list[..(int)length];
    }

    /// <summary>Gives an open file an access list, or none: it may have inherited one from its folder.</summary>
    /// <exception cref="IOException">The file system can't.</exception>
    public static void SetAccessList(SafeFileHandle file, byte[]? list)
    {
        if (list is not null)
            ThrowIfFailed(FSetXAttr(file, AccessListName, list, (nuint)list.Length, flags: 0));
        else if (OperatingSystem.IsLinux() && FRemoveXAttr(file, AccessListName) < 0 && Marshal.GetLastPInvokeError() is not (NoData or NotSupported))
            throw LastError();
    }

    /// <summary>Verifies that this user may create files in a folder.</summary>
    /// <exception cref="IOException">This user may not.</exception>
    public static void VerifyWritable(string folder) => ThrowIfFailed(Access(folder, WriteAndSearch));

    /// <summary>Makes the names in a folder last through a power failure. Does nothing where the file system does not support it.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void SyncFolder(string path)
    {
        using SafeFileHandle folder = Open(path, flags: 0);

        // Files can be created in a folder that this user can't read. Only the system can sync it.
        if (!folder.IsInvalid)
            RandomAccess.FlushToDisk(folder);
    }

    private static void ThrowIfFailed(nint result)
    {
        if (result < 0)
            throw LastError();
    }

    private static IOException LastError() => new(Marshal.GetLastPInvokeErrorMessage());

    [DllImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FChOwn(SafeFileHandle file, uint userId, uint groupId);

    [DllImport("libc", EntryPoint = "access", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    [DllImport("libc", EntryPoint = "getxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetXAttr([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [Out] byte[] value, nuint size);

    [DllImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSetXAttr(SafeFileHandle file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nuint size, int flags);

    [DllImport("libc", EntryPoint = "fremovexattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FRemoveXAttr(SafeFileHandle file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    // File.OpenHandle refuses a folder. The flags for reading are 0 on every platform.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
#endif
