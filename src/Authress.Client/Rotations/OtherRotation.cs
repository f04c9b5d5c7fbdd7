namespace Authress.Client.Rotations;

/// <summary>A rotation of the same client in another destination.</summary>
/// <param name="Rotation">Its record.</param>
/// <param name="Destination">The destination, to read what it holds now; null where the journal can't open it, such as a script.</param>
/// <param name="RecordPath">Where the record is.</param>
public sealed record OtherRotation(Rotation Rotation, IRotationDestination? Destination, string RecordPath)
{
    /// <summary>Until when the rotation keeps a key that its destination held; null if it keeps none.</summary>
    internal DateTimeOffset? FindKeptUntil(string keyId) => Rotation.FindKeptUntil(keyId);

    /// <summary>Whether the destination holds a key, or its rotation is still going to replace it.</summary>
    internal async Task<Holding> FindHoldingAsync(string clientId, string keyId)
    {
        if (Rotation.IsYetToReplace(keyId))
            return Holding.Yes;
        bool isRecorded = Rotation.DestinationKeyId == keyId;

        // A destination that was only completed may be gone by now, which nobody can see of a script.
        if (Destination is null)
            return isRecorded && Rotation.Step != RotationStep.Completed ? Holding.Recorded : Holding.No;
        try
        {
            using DestinationContent content = await DestinationContent.ReadAsync(Destination).ConfigureAwait(false);
            return content.Key is { } key && key.ClientId == clientId && key.KeyId == keyId ? Holding.Yes : Holding.No;
        }
        catch (IOException)
        {
            // The record decides. Without it, the destination may hold anything.
            return isRecorded ? Holding.Recorded : Rotation.DestinationKeyId is null ? Holding.Unknown : Holding.No;
        }
    }
}

/// <summary>Whether a destination holds a key.</summary>
internal enum Holding
{
    /// <summary>It doesn't.</summary>
    No,

    /// <summary>It does, or its users do.</summary>
    Yes,

    /// <summary>It can't be read, and did when it was last read.</summary>
    Recorded,

    /// <summary>It can't be read, and never was.</summary>
    Unknown,
}
