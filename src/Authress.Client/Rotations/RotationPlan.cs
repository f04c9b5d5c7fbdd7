namespace Authress.Client.Rotations;

/// <summary>What a run is about to change, for its confirmation.</summary>
/// <param name="Change">The change.</param>
/// <param name="ClientId">The client.</param>
/// <param name="KeyId">The key that is replaced or deleted; null if there is none.</param>
public sealed record RotationPlan(RotationChange Change, string ClientId, string? KeyId)
{
    /// <summary>When the overlap ends, if that is yet to come; null otherwise.</summary>
    public DateTimeOffset? Early { get; init; }
}

/// <summary>The kinds of change.</summary>
public enum RotationChange
{
    /// <summary>A new key is made and delivered.</summary>
    Begin,

    /// <summary>An interrupted rotation goes on.</summary>
    Continue,

    /// <summary>A key that an earlier run left is deleted.</summary>
    RemoveLeftover,

    /// <summary>A key that was delivered earlier, and that another took the place of, is deleted.</summary>
    RetireGivenUp,

    /// <summary>The replaced key is deleted.</summary>
    Retire,
}
