using System.Text.Json;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.Storage;

/// <summary>The account on disk. A change is in the file before its response is sent, and the file is always whole.</summary>
internal sealed class DataFile(string path) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _savedVersion = -1;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The account as it was last written, or null where there is no file yet.</summary>
    /// <exception cref="DataFileException">The file is there and is damaged or something else.</exception>
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
                $"The data file '{Path}' is damaged or is no file of this emulator ({problem.Message}). It was left untouched; move it away to begin anew.",
                problem);
        }
    }

    /// <summary>
    /// Returns when the present state is on disk. Changes that wait while another is written are written together, so
    /// many at once cost few writes.
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
        // The administrator's access key is in it, so that the key stays the same over a restart.
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
            // Gone already where all went well; where it did not, no half-written secret stays behind.
            File.Delete(temporary);
        }
    }
}
