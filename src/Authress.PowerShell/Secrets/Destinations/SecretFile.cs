using System.Security;
using System.Text;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// A new file that receives one secret. Only its owner can read it, and it is written completely or not at all: the secret
/// is written to a draft in the same folder, which is then renamed.
/// </summary>
internal sealed class SecretFile : IDisposable
{
    private readonly string _path;
    private readonly string _draft;
    private readonly bool _overwrite;
    private readonly FileStream _stream;
    private bool _saved;

    private SecretFile(string path, bool overwrite)
    {
        _path = path;
        _overwrite = overwrite;
        _draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        _stream = CreateForOwnerAlone(_draft);
    }

    /// <summary>Prepares a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or the folder can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static SecretFile Prepare(string path, bool overwrite)
    {
        Check(path, overwrite);
        return new SecretFile(path, overwrite);
    }

    /// <summary>Verifies that a file can be prepared, as far as possible without a change on disk.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or its folder does not exist.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (Directory.Exists(path))
            throw new IOException(Messages.FileIsFolder);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new IOException(Messages.FolderMissing);
        if (!overwrite && IsTaken(path))
            throw new IOException(Messages.FileExists);
    }

    /// <summary>Writes the secret and renames the draft.</summary>
    /// <param name="secret">The secret, which becomes the file's only content.</param>
    /// <exception cref="IOException">It can't be written, or another file got the name in the meantime.</exception>
    public void Save(SecureString secret)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(SecretText.Reveal(secret));
        try
        {
            _stream.Write(bytes, 0, bytes.Length);
            _stream.Flush(flushToDisk: true);
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
        }

        _stream.Dispose();
#if NET
        File.Move(_draft, _path, _overwrite);
#else
        if (_overwrite && File.Exists(_path))
            File.Replace(_draft, _path, destinationBackupFileName: null);
        else
            File.Move(_draft, _path);
#endif
        _saved = true;
    }

    /// <summary>Removes the draft of a file that was not saved.</summary>
    public void Dispose()
    {
        _stream.Dispose();

        // The folder was deleted together with the draft.
        if (!_saved && Directory.Exists(Path.GetDirectoryName(_draft)))
            File.Delete(_draft);
    }

    // A dangling link occupies the name although no file exists.
    private static bool IsTaken(string path) =>
        File.Exists(path)
#if NET
        || new FileInfo(path).LinkTarget is not null
#endif
        ;

    private static FileStream CreateForOwnerAlone(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                // Otherwise a write that failed because of a full disk would be repeated when the file is closed.
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
#endif
        return WindowsFile.CreateForOwnerAlone(path);
    }
}
