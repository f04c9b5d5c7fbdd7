using System.Text.Json;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.Storage;

/// <summary>The account on disk. A change is in the file before its response is sent, and the file is always complete.</summary>
internal sealed class DataFile(string path) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _savedVersion = -1;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

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

    public void Dispose() => _writing.Dispose();

    private void Replace(Account account, StoreSnapshot snapshot)
    {
        string temporary = $"{Path}.{Guid.NewGuid():N}.tmp";
        FileStreamOptions create = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        // The file contains the administrator's access key, so that a restart keeps the key.
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
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
