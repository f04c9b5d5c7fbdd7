#if NET
using System.Management.Automation;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>Who can use a file on Unix: its owner, group, mode and access list. The file that replaces it gets the same.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixAccess
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode SharedFolder = UnixFileMode.StickyBit | UnixFileMode.OtherWrite;

    private readonly PSObject _owner;
    private readonly UnixFileMode _mode;
    private readonly byte[]? _list;

    private UnixAccess(PSCmdlet cmdlet, string path)
    {
        _owner = OwnerOf(cmdlet, path);

        // Its owner could permit himself to read it anyway.
        _mode = (File.GetUnixFileMode(path) & Permissions) | UnixFileMode.UserRead;
        _list = UnixFile.GetAccessList(path);
    }

    /// <summary>The access to a file; null if there is no file, or it is in a folder such as /tmp, where any user may have put it.</summary>
    /// <param name="cmdlet">The cmdlet. PowerShell knows the owner of a file, which .NET does not.</param>
    /// <param name="path">The full path, without links.</param>
    /// <exception cref="IOException">It can't be found out.</exception>
    public static UnixAccess? Of(PSCmdlet cmdlet, string path) => File.Exists(path) && !IsShared(Path.GetDirectoryName(path)!) ? new UnixAccess(cmdlet, path) : null;

    /// <summary>Whether any user can create files in a folder that the others can't remove, as in /tmp.</summary>
    public static bool IsShared(string folder) => (File.GetUnixFileMode(folder) & SharedFolder) == SharedFolder;

    /// <summary>Whether all users can read the file.</summary>
    public bool IsPublic => (_mode & UnixFileMode.OtherRead) != 0;

    /// <summary>Gives the access to an empty draft, but for the mode, so that only the new owner can read it.</summary>
    /// <exception cref="IOException">This user may not.</exception>
    public void Give(PSCmdlet cmdlet, SafeFileHandle draft, string path)
    {
        try
        {
            // Where both are as they should be, a file system that knows no owners would refuse a change.
            PSObject own = OwnerOf(cmdlet, path);
            if (UserId(own) != UserId(_owner) || GroupId(own) != GroupId(_owner))
                UnixFile.ChangeOwner(draft, UserId(_owner), GroupId(_owner));
            UnixFile.SetAccessList(draft, _list);

            // The list may have changed it. With a list, its middle digit limits everyone whom the list names.
            File.SetUnixFileMode(draft, OwnerAlone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(InvariantText.Format(Messages.FileAccessNotKept, NameOf("GetUserName"), NameOf("GetGroupName"), e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>Gives a written draft the mode.</summary>
    public void Open(SafeFileHandle draft) => File.SetUnixFileMode(draft, _mode);

    // The provider is named, since the current location may be of another one.
    private static PSObject OwnerOf(PSCmdlet cmdlet, string path)
    {
        PSObject file = cmdlet.InvokeProvider.Item.Get([$@"Microsoft.PowerShell.Core\FileSystem::{path}"], force: true, literalPath: true).Single();
        return file.Properties["UnixStat"]?.Value is { } owner ? PSObject.AsPSObject(owner) : throw new IOException(Messages.FileOwnerUnknown);
    }

    private static int UserId(PSObject owner) => (int)owner.Properties["UserId"].Value;

    private static int GroupId(PSObject owner) => (int)owner.Properties["GroupId"].Value;

    private object NameOf(string method) => _owner.Methods[method].Invoke();
}
#endif
