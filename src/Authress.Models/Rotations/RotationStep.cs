namespace Authress;

/// <summary>How far a rotation has come. The steps are passed in this order; a rotation that was undone is planned again.</summary>
public enum RotationStep
{
    /// <summary>No new key exists. The destination holds what it held before.</summary>
    Planned,

    /// <summary>The public half of a new pair is in the journal. It may be registered.</summary>
    Announced,

    /// <summary>The new key is registered, and is being proved. The destination holds what it held before.</summary>
    Registered,

    /// <summary>The new key works, and is being written to the destination.</summary>
    Delivering,

    /// <summary>The destination holds the new key, and it works. The replaced key works too, until the overlap has passed.</summary>
    Delivered,

    /// <summary>The replaced key is being deleted.</summary>
    Retiring,

    /// <summary>The replaced key is gone.</summary>
    Completed,
}
