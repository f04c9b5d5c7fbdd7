namespace Authress.Client.Rotations;

/// <summary>Failures that are found outside of a run.</summary>
public static class RotationFailure
{
    /// <summary>A live process rotates a key of the client.</summary>
    public static RotationException Locked(string clientId) => new(nameof(Messages.RotationLocked), null, clientId);

    /// <summary>The journal has no open rotation of the client.</summary>
    public static RotationException Unknown(string clientId) => new(nameof(Messages.RotationUnknown), null, clientId);

    /// <summary>The journal has several open rotations of the client.</summary>
    public static RotationException Several(string clientId, IEnumerable<Rotation> rotations) =>
        new(nameof(Messages.RotationSeveral), null, clientId, string.Join(", ", rotations.GroupBy(rotation => rotation.Place.Name)
            .SelectMany(same => same.Select(rotation => same.Count() > 1 && rotation.Place.OutFile is { } path ? InvariantText.Format(Messages.FileName, path) : same.Key))));

    /// <summary>The destination is read by a script, which the journal does not keep.</summary>
    public static RotationException ScriptNeeded() => new(nameof(Messages.RotationScriptNeeded), null);
}
