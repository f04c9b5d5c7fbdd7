using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>A lock that one process holds at a time. The operating system releases it when the process ends, however it ends.</summary>
/// <param name="file">The full path of the file that is locked. It stays when the lock is released.</param>
internal sealed class FileLock(string file)
{
    private const int Attempts = 20;

    // How .NET reports that a live process holds the file: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows, EAGAIN
    // of Linux and of macOS. Anything else, such as a read-only disk, is no lock.
    private static readonly int[] Conflicts = [unchecked((int)0x80070020), unchecked((int)0x80070021), 11, 35];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock. Disposing of the result releases it.</summary>
    /// <param name="clientId">The client whose key is rotated.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RotationException">A live process holds it.</exception>
    /// <exception cref="JournalException">The file can't be written to.</exception>
    public async Task<IDisposable> TakeAsync(string clientId, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (TryTake() is { } held)
                return held;
            if (attempt == Attempts)
                throw RotationFailure.Locked(clientId);

            // A look at the list of rotations holds it for a moment.
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a live process holds it.</summary>
    /// <exception cref="JournalException">The file can't be read.</exception>
    public bool IsTaken()
    {
        if (!File.Exists(file))
            return false;
        try
        {
            using IDisposable? held = TryOpen(FileMode.Open, FileAccess.ReadWrite);
            return held is null;
        }
        catch (JournalException)
        {
            // A journal may be read without the permission to write. On some network drives, only a writer can lock.
            using IDisposable? held = TryOpen(FileMode.Open, FileAccess.Read);
            return held is null;
        }
    }

    private FileStream? TryTake()
    {
        try
        {
            FileJournal.CreateFolder(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }

        return TryOpen(FileMode.OpenOrCreate, FileAccess.ReadWrite);
    }

    private FileStream? TryOpen(FileMode mode, FileAccess access)
    {
        try
        {
            return new FileStream(file, mode, access, FileShare.None);
        }
        catch (IOException e) when (Conflicts.Contains(e.HResult))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }
    }
}
