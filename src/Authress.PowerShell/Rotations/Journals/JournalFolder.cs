using System.Security.Cryptography;
using System.Text;
using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>
/// The journal: a folder with a file for each rotation, and for each client a file that is locked while one of its keys is
/// rotated. The operating system unlocks it when the process ends, however it ends.
/// </summary>
/// <param name="path">The full path. The folder is created when the first rotation begins.</param>
internal sealed class JournalFolder(string path)
{
    private const string Extension = ".json";
    private const int HashLength = 16;

    /// <summary>The folder where this platform keeps a program's state; null where the user has none.</summary>
    public static string? DefaultPath
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string state =
                Environment.OSVersion.Platform != PlatformID.Unix ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : IsMacOS ? (home.Length == 0 ? string.Empty : Path.Combine(home, "Library", "Application Support"))
                : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given ? given
                : home.Length == 0 ? string.Empty : Path.Combine(home, ".local", "state");
            return state.Length == 0 ? null : Path.Combine(state, "Authress", "rotations");
        }
    }

#if NET
    private static bool IsMacOS => OperatingSystem.IsMacOS();
#else
    private static bool IsMacOS => false;
#endif

    /// <summary>The journal of one rotation.</summary>
    /// <param name="options">The client and the account.</param>
    /// <param name="place">The destination.</param>
    public FileJournal Entry(RotationOptions options, RotationPlace place) =>
        new(Path.Combine(path, $"{Prefix(options.ClientId)}{Hash(options.AccountId, options.ClientId, place.Identity)}{Extension}"));

    /// <summary>The entries of a client, or all.</summary>
    /// <param name="clientId">The client; null for all.</param>
    /// <exception cref="JournalException">The folder can't be read.</exception>
    public IReadOnlyList<FileJournal> List(string? clientId)
    {
        try
        {
            return [.. Directory.GetFiles(path, (clientId is null ? string.Empty : Prefix(clientId)) + "*" + Extension).OrderBy(file => file, StringComparer.Ordinal).Select(file => new FileJournal(file))];
        }
        catch (DirectoryNotFoundException) when (!File.Exists(path))
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(path, e);
        }
    }

    /// <summary>The rotations of a client in other destinations.</summary>
    /// <param name="options">The client and the account.</param>
    /// <param name="own">The rotation that asks.</param>
    /// <param name="place">Its destination.</param>
    /// <exception cref="RotationException">An entry is damaged.</exception>
    public IEnumerable<(Rotation Rotation, string Path)> FindOthers(RotationOptions options, FileJournal own, RotationPlace place)
    {
        (Rotation Rotation, string Path)[] others = [.. Read(options, except: own)];

        // A destination that could not be opened then, and was since, has another record, which knows more.
        RotationPlace[] known = [.. others.Where(other => !IsUnknown(other.Rotation)).Select(other => other.Rotation.Place), place];
        return others.Where(other => !IsUnknown(other.Rotation) || !known.Any(other.Rotation.Place.IsNamedLike));
    }

    /// <summary>Whether a record says what a destination of a client holds.</summary>
    /// <param name="options">The client and the account.</param>
    /// <param name="place">The destination.</param>
    public bool Knows(RotationOptions options, RotationPlace place)
    {
        try
        {
            return Read(options, except: null).Any(entry => !IsUnknown(entry.Rotation) && place.IsNamedLike(entry.Rotation.Place));
        }
        catch (Exception e) when (e is RotationException or JournalException)
        {
            // Whoever rotates a key reports it.
            return false;
        }
    }

    private IEnumerable<(Rotation Rotation, string Path)> Read(RotationOptions options, FileJournal? except)
    {
        foreach (FileJournal entry in List(options.ClientId).Where(entry => entry.FullPath != except?.FullPath))
        {
            if (entry.Read() is { } rotation && rotation.ClientId == options.ClientId && rotation.IsOf(options.AccountId))
                yield return (rotation, entry.FullPath);
        }
    }

    private static bool IsUnknown(Rotation rotation) => rotation is { IsNote: true, DestinationKeyId: null };

    /// <summary>The lock of a client: one process rotates one of its keys at a time.</summary>
    public FileLock Lock(string clientId) => new(Path.Combine(path, $"{Prefix(clientId)}{Hash(clientId)}.lock"));

    // Readable, and different for clients that differ only in what a file's name can't have.
    private static string Prefix(string clientId) => $"{new string([.. clientId.Select(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' ? c : '_')])}.";

    private static string Hash(params string[] parts)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join("\n\n", parts));
#if NET
        string hash = Convert.ToHexString(SHA256.HashData(text));
#else
        using SHA256 algorithm = SHA256.Create();
        string hash = BitConverter.ToString(algorithm.ComputeHash(text)).Replace("-", string.Empty);
#endif
        return hash.ToLowerInvariant().Substring(0, HashLength);
    }
}
