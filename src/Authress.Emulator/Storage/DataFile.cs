using System.Text.Json;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.Storage;

/// <summary>
/// The account on disk. A change is in the file before its response is sent, and the file is always complete.
/// Only one emulator at a time can use it: two would overwrite each other's changes.
/// </summary>
internal sealed class DataFile : IDisposable
{
    // The codes of the error that a locked file causes: ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux and macOS.
    private static readonly int[] Locked = [unchecked((int)0x80070020), 11, 35];

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly FileStream _lock;
    private long _savedVersion = -1;

    private DataFile(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    /// <summary>Locks the file until it is disposed of or the process ends, even if the process is killed.</summary>
    /// <exception cref="DataFileException">Another emulator uses the file.</exception>
    public static DataFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        // A link and its target need the same lock, and a change must replace the target, not the link.
        if (new FileInfo(path).LinkTarget is not null)
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        FileStreamOptions alone = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            alone.UnixCreateMode = OwnerOnly;
        try
        {
            // A separate file, because every change replaces the data file. It is never deleted, because two processes could
            // then lock two files of that name. The operating system releases the lock of a process that has ended.
            return new(path, new FileStream(path + ".lock", alone));
        }
        catch (IOException problem) when (Locked.Contains(problem.HResult))
        {
            throw new DataFileException(
                $"The data file '{path}' is in use by another emulator. Stop that emulator, or use --data with another file.", problem);
        }
    }

    /// <summary>The account as it was last written; null if there is no file yet.</summary>
    /// <exception cref="DataFileException">The file exists, but is damaged or not one of this emulator.</exception>
    public (Account Account, StoreSnapshot Clients)? Read()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(Path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return DataFormat.Read(document.RootElement);
        }
        catch (Exception problem) when (problem
            is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or InvalidRequestException or ArgumentException)
        {
            throw new DataFileException(
                $"The data file '{Path}' is damaged or not one of this emulator ({problem.Message}). It was not changed. To begin with a new account, move the file.",
                problem);
        }
    }

    /// <summary>
    /// Returns when the current state is on disk. Changes that wait while another one is written are written together.
    /// </summary>
    public async Task SaveAsync(Account account, ClientStore clients, CancellationToken cancellationToken)
    {
        long wanted = clients.Version;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_savedVersion >= wanted)
                return;
            StoreSnapshot snapshot = clients.Snapshot();
            Replace(account, snapshot);
            _savedVersion = snapshot.Version;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _writing.Dispose();
        _lock.Dispose();
    }

    private void Replace(Account account, StoreSnapshot snapshot)
    {
        string temporary = $"{Path}.{Guid.NewGuid():N}.tmp";
        FileStreamOptions create = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        // The file contains the administrator's access key, so that a restart keeps the key.
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = OwnerOnly;
        try
        {
            using (FileStream file = new(temporary, create))
            {
                using (Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true }))
                    DataFormat.Write(json, account, snapshot);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        finally
        {
            // After a failure, no half-written secret may remain.
            File.Delete(temporary);
        }
    }
}
