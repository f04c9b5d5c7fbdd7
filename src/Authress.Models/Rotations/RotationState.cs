namespace Authress;

/// <summary>What a rotation waits for.</summary>
public enum RotationState
{
    /// <summary>A command of a live process is working on it.</summary>
    Running,

    /// <summary>It ended before the new key was delivered. Start-AuthressAccessKeyRotation continues it.</summary>
    Interrupted,

    /// <summary>The new key is delivered, and the replaced key may still be in use.</summary>
    Delivered,

    /// <summary>The overlap has passed. Complete-AuthressAccessKeyRotation deletes the replaced key.</summary>
    Due,

    /// <summary>Three attempts failed. It is not tried again without -Force.</summary>
    NeedsAttention,

    /// <summary>The replaced key is gone.</summary>
    Completed,
}
