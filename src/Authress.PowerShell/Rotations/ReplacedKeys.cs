using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Display;
using Authress.PowerShell.Rotations.Journals;

namespace Authress.PowerShell.Rotations;

/// <summary>The keys that rotations of this machine's journal are replacing.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="connection">The connection.</param>
internal sealed class ReplacedKeys(Cmdlet cmdlet, Connection connection)
{
    private readonly JournalFolder? _journal = JournalFolder.DefaultPath is { } path ? new JournalFolder(path) : null;

    /// <summary>Marks those of a client's keys that are being replaced, for the view.</summary>
    public void Mark(string clientId, IReadOnlyList<AccessKey> keys)
    {
        Rotation[] rotations = [.. ReadAll(clientId).Where(rotation => rotation.IsOf(connection.AccountId) && rotation.ClientId == clientId)];
        foreach (AccessKey key in keys.Where(key => key.ClientId == clientId && !rotations.Any(rotation => rotation.IsReplacing(key.KeyId))))
        {
            foreach (Rotation rotation in rotations)
            {
                // Several destinations may have held it.
                if (rotation.FindShownUntil(key.KeyId, DateTimeOffset.UtcNow) is { } until && !(until < key.KeptUntil))
                    key.KeptUntil = until;
            }
        }
    }

    private IEnumerable<Rotation> ReadAll(string clientId)
    {
        try
        {
            return [.. (_journal?.List(clientId) ?? []).Select(entry => entry.Read()).OfType<Rotation>()];
        }
        catch (Exception e) when (e is RotationException or JournalException)
        {
            // The list of keys is complete without it; the rotation cmdlets report it.
            cmdlet.WriteVerbose(CommandText.Format(Messages.JournalNotShown, e.Message));
            return [];
        }
    }
}
