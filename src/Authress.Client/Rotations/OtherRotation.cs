namespace Authress.Client.Rotations;

/// <summary>A rotation of the same client in another destination.</summary>
/// <param name="Rotation">Its record.</param>
/// <param name="Destination">The destination, to read what it holds now; null where the journal can't open it, such as a script.</param>
/// <param name="RecordPath">Where the record is.</param>
public sealed record OtherRotation(Rotation Rotation, IRotationDestination? Destination, string RecordPath)
{
    /// <summary>Whether the destination holds a key, or may hold it.</summary>
    internal async Task<bool> MayHoldAsync(string clientId, string keyId)
    {
        bool isRecorded = Rotation.DestinationKeyId == keyId;

        // A destination that was only completed may be gone by now, which nobody can see of a script.
        if (Destination is null)
            return isRecorded && Rotation.Step != RotationStep.Completed;
        try
        {
            using DestinationContent content = await DestinationContent.ReadAsync(Destination).ConfigureAwait(false);
            return content.Key is { } key && key.ClientId == clientId && key.KeyId == keyId;
        }
        catch (IOException)
        {
            // The record decides. Without it, the destination may hold anything.
            return isRecorded || Rotation.DestinationKeyId is null;
        }
    }
}
