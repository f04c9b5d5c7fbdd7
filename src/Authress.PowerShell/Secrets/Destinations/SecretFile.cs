using System.Management.Automation;
using System.Security;
using System.Text;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// A file that receives one secret, or another content. Only its owner can read it, or whoever could read the file that it
/// replaces. It is written completely or not at all: the content is written to a draft in the same folder, which is then renamed.
/// The draft is locked until then, so that an unlocked one is known to be left over from a process that was killed.
/// </summary>
internal sealed class SecretFile : IDisposable
{
    private const int IdLength = 32;
    private const int CreationAttempts = 10;

    // Much longer than between the end of the lock and the new name on Windows, where a locked file can't be renamed.
    private static readonly TimeSpan WindowsRenaming = TimeSpan.FromMinutes(10);

    private readonly string _path;
    private readonly string _draft;
    private readonly bool _overwrite;
    private readonly FileStream _stream;
#if NET
    private readonly UnixAccess? _access;
#endif
    private bool _saved;

    private SecretFile(string path, bool overwrite, PSCmdlet? keeper, bool forOwnerAlone)
    {
        _path = path;
        _overwrite = overwrite;
        _stream = CreateDraft(path, forOwnerAlone, out _draft);
        try
        {
#if NET
            if (keeper is not null && !OperatingSystem.IsWindows())
            {
                _access = UnixAccess.Of(keeper, path);
                _access?.Give(keeper, _stream.SafeFileHandle, _draft);
            }
#endif
            RemoveLeftovers();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether all users will be able to read the file, as they can read the one that it replaces. Unknown on Windows.</summary>
#if NET
    public bool IsPublic => !OperatingSystem.IsWindows() && _access is { IsPublic: true };
#else
    public bool IsPublic => false;
#endif

    /// <summary>Prepares a file.</summary>
    /// <param name="path">Its full path. A link stays, and its target is written.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="keeper">The cmdlet that keeps who can use an existing file; null if only its owner may read the new one.</param>
    /// <param name="forOwnerAlone">Whether only the owner may read a file that replaces none; otherwise the user's defaults apply.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or who can use it can't be kept, or the folder can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static SecretFile Prepare(string path, bool overwrite, PSCmdlet? keeper = null, bool forOwnerAlone = true) =>
        new(Find(path, overwrite), overwrite, keeper, forOwnerAlone);

    /// <summary>Verifies that a file can be prepared, as far as possible without a change on disk.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or its folder does not exist or is read-only.</exception>
    public static void Check(string path, bool overwrite)
    {
        string folder = Path.GetDirectoryName(Find(path, overwrite))!;
#if NET
        if (!OperatingSystem.IsWindows())
            UnixFile.VerifyWritable(folder);
#endif
    }

    /// <summary>Writes the secret and renames the draft.</summary>
    /// <param name="secret">The secret, which becomes the file's only content.</param>
    /// <exception cref="IOException">It can't be written, or another file got the name in the meantime.</exception>
    public void Save(SecureString secret)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(SecretText.Reveal(secret));
        try
        {
            Save(stream => stream.Write(bytes, 0, bytes.Length));
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
        }
    }

    /// <summary>Writes the content and renames the draft.</summary>
    /// <param name="write">Writes the content, in large parts: nothing is buffered.</param>
    /// <exception cref="IOException">It can't be written, or another file got the name in the meantime.</exception>
    public void Save(Action<Stream> write)
    {
        write(_stream);
#if NET
        if (!OperatingSystem.IsWindows())
        {
            _access?.Open(_stream.SafeFileHandle);
            _stream.Flush(flushToDisk: true);
            File.Move(_draft, _path, _overwrite);
            _saved = true;
            return;
        }
#endif
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();

        // Keeps the access list of the file that it replaces.
        if (_overwrite && File.Exists(_path))
            File.Replace(_draft, _path, destinationBackupFileName: null);
        else
            File.Move(_draft, _path);
        _saved = true;
    }

    /// <summary>Makes the saved file's name last through a power failure. Windows does that itself.</summary>
    /// <exception cref="IOException">It failed. After a power failure, the previous file may be back.</exception>
    public void Sync()
    {
#if NET
        if (!OperatingSystem.IsWindows())
            UnixFile.SyncFolder(Path.GetDirectoryName(_path)!);
#endif
    }

    /// <summary>Removes the draft of a file that was not saved.</summary>
    public void Dispose()
    {
        _stream.Dispose();

        // The folder was deleted together with the draft.
        if (!_saved && Directory.Exists(Path.GetDirectoryName(_draft)))
            File.Delete(_draft);
    }

    // The path without links.
    private static string Find(string path, bool overwrite)
    {
        string file = FilePath.WithoutLinks(path);
        bool exists = File.Exists(file);
        if (Directory.Exists(file))
            throw new IOException(Messages.FileIsFolder);
        if (!overwrite && exists)
            throw new IOException(Messages.FileExists);
#if NET
        if (new FileInfo(path).LinkTarget is not null)
        {
            // The disk of the target may be missing, and would then hide what is created in its place.
            if (!exists)
                throw new IOException(InvariantText.Format(Messages.FileLinkDangles, file));
            if (!OperatingSystem.IsWindows() && UnixAccess.IsShared(Path.GetDirectoryName(path)!))
                throw new IOException(Messages.FileLinkShared);
        }
#endif
        return Directory.Exists(Path.GetDirectoryName(file)) ? file : throw new IOException(Messages.FolderMissing);
    }

    private static FileStream CreateDraft(string path, bool forOwnerAlone, out string draft)
    {
        for (int attempt = 1; ; attempt++)
        {
            draft = Prefix(path) + Guid.NewGuid().ToString("N");
            try
            {
                FileStream stream = Create(draft, forOwnerAlone);
                if (File.Exists(draft))
                    return stream;
                stream.Dispose();
            }
            catch (IOException) when (attempt < CreationAttempts)
            {
                // On Unix a file is created first and locked then. In between, another process may have taken it for a leftover.
            }
        }
    }

    // Nothing else has such a name: dot, name, dot, and an id of 32 hexadecimal digits.
    private static string Prefix(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.");

    private void RemoveLeftovers()
    {
        string prefix = Prefix(_path);
        string[] leftovers = [.. FilesBeside(_path).Where(file =>
            file.Length == prefix.Length + IdLength && file.StartsWith(prefix, StringComparison.Ordinal) && file != _draft
            && file.Skip(prefix.Length).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')))];
        if (leftovers.Length == 0)
            return;

        // Where a lock has no effect, as on network drives, it can't tell whose a draft is.
        using FileStream? own = TryLock(_draft, FileOptions.None);
        if (own is not null)
            return;
        foreach (string leftover in leftovers)
        {
            if (Environment.OSVersion.Platform == PlatformID.Unix || DateTime.UtcNow - File.GetLastWriteTimeUtc(leftover) > WindowsRenaming)
                TryLock(leftover, FileOptions.DeleteOnClose)?.Dispose();
        }
    }

    private static string[] FilesBeside(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
#if NET
        // Files can be created in a folder that can't be read.
        return Directory.GetFiles(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true });
#else
        return Directory.GetFiles(folder);
#endif
    }

    // Null if a live process has locked the file, or it is another user's.
    private static FileStream? TryLock(string path, FileOptions options)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileStream Create(string path, bool forOwnerAlone)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,

                // The lock still holds for a moment when the file has its name, and must not keep readers out.
                Share = FileShare.Read,

                // Otherwise a write that failed because of a full disk would be repeated when the file is closed.
                BufferSize = 0,
                UnixCreateMode = forOwnerAlone ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
            });
        }
#endif
        return forOwnerAlone ? WindowsFile.CreateForOwnerAlone(path) : new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
    }
}
