using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>A lock that one process holds at a time. The operating system releases it when the process ends, however it ends.</summary>
/// <param name="file">The full path of the file that is locked. It stays when the lock is released.</param>
internal sealed class FileLock(string file)
{
    private const int Attempts = 20;

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
    public bool IsTaken()
    {
        if (!File.Exists(file))
            return false;
        using IDisposable? held = TryTake();
        return held is null;
    }

    private FileStream? TryTake()
    {
        try
        {
            FileJournal.CreateFolder(Path.GetDirectoryName(file)!);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }
    }
}
