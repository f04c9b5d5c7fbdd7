using Authress.Client.AccessKeys;
using Authress.Client.Reports;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>An access key that Find-AuthressAccessKey found.</summary>
/// <param name="sighting">Where.</param>
internal sealed class SightingSource(AccessKeySighting sighting)
{
    /// <summary>Reads the key again: the one at that place, or, where lines have moved, another copy with the same ids.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">It can't be read, or is no longer there.</exception>
    public AccessKeyCredential Read(CancellationToken cancellationToken)
    {
        FoundAccessKey[] found = [.. Search(cancellationToken).Where(key => key.Key.ClientId == sighting.ClientId && key.Key.KeyId == sighting.KeyId)];
        FoundAccessKey? same = Array.Find(found, key => key.Sighting.Line == sighting.Line && key.Sighting.Column == sighting.Column) ?? found.FirstOrDefault();
        return same?.Key ?? throw new IOException(Messages.SightingGone);
    }

    private IReadOnlyList<FoundAccessKey> Search(CancellationToken cancellationToken)
    {
        AccessKeyReader reader = new();
        string path = sighting.Path ?? throw new IOException(Messages.SightingOfText);
        if (path.StartsWith(AccessKeySighting.EnvironmentDrive, StringComparison.Ordinal))
            return reader.Read(Environment.GetEnvironmentVariable(path.Substring(AccessKeySighting.EnvironmentDrive.Length)) ?? string.Empty, path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return reader.Read(file, path, long.MaxValue, cancellationToken).Found;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            reader.Clear();
        }
    }
}
