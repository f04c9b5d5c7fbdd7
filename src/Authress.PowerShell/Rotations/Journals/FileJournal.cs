using Authress.Client.Rotations;
using Authress.PowerShell.Secrets.Destinations;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>The record of one rotation as a file, which only its owner can read, and which is replaced as a whole.</summary>
/// <param name="file">The full path.</param>
internal sealed class FileJournal(string file) : IRotationJournal
{
    /// <summary>The full path.</summary>
    public string FullPath => file;

    public bool Lasts => true;

    // By its folder, or the file beside it.
    public bool IsLocked => true;

    /// <summary>Verifies that the record can be written, as far as possible without a change on disk.</summary>
    /// <exception cref="JournalException">It can't.</exception>
    public void Check()
    {
        string folder = Path.GetDirectoryName(file)!;
        while (!Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        try
        {
            // Where the folder is missing, it will be created in this one.
            SecretFile.Check(Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }
    }

    public Task<Rotation?> ReadAsync() => Task.FromResult(Read());

    public Task WriteAsync(Rotation rotation)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(file)!);
            using SecretFile draft = SecretFile.Prepare(file, overwrite: true);
            using System.Security.SecureString text = SecretText.Protect(RotationJson.Write(rotation));
            draft.Save(text);
            draft.Sync();
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }
    }

    /// <summary>Reads the record; null if there is none.</summary>
    /// <exception cref="RotationException">It is damaged, or of a newer version.</exception>
    /// <exception cref="JournalException">It can't be read.</exception>
    public Rotation? Read()
    {
        string text;
        try
        {
            if (!Exists())
                return null;
            text = BoundedFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(file, e);
        }

        return RotationJson.Read(text, file);
    }

    // File.Exists is false as well for what can't be reached, and for a link that leads nowhere.
    private bool Exists()
    {
        try
        {
            _ = File.GetAttributes(file);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Creates the folder of the journal for its owner alone.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
#if NET
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(folder);
    }
}
