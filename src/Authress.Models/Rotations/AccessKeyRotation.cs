namespace Authress;

/// <summary>The rotation of the access key that a destination holds. Contains no secret.</summary>
public sealed class AccessKeyRotation
{
    internal AccessKeyRotation(string rotationId, string clientId, string destination)
    {
        RotationId = rotationId;
        ClientId = clientId;
        Destination = destination;
    }

    /// <summary>The service client whose key is rotated.</summary>
    public string ClientId { get; }

    /// <summary>What it waits for.</summary>
    public RotationState State { get; internal set; }

    /// <summary>The id of the new key; null until it is registered.</summary>
    public string? NewKeyId { get; internal set; }

    /// <summary>The id of the one key that the new one replaces; null if none is.</summary>
    public string? ReplacedKeyId { get; internal set; }

    /// <summary>When the replaced key may be deleted; null until the new one is delivered, and when it is deleted.</summary>
    public DateTimeOffset? DueTime { get; internal set; }

    /// <summary>The destination in words.</summary>
    public string Destination { get; }

    /// <summary>How far it has come.</summary>
    public RotationStep Step { get; internal set; }

    /// <summary>When that step began.</summary>
    public DateTimeOffset StepTime { get; internal set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartTime { get; internal set; }

    /// <summary>How many attempts have failed since the last step that succeeded.</summary>
    public int FailedAttempts { get; internal set; }

    /// <summary>The error of the last attempt; null if it did not fail.</summary>
    public string? LastError { get; internal set; }

    /// <summary>The rotation's own id.</summary>
    public string RotationId { get; }

    /// <summary>The file, if the destination is one.</summary>
    public string? OutFile { get; internal set; }

    /// <summary>The secret, if the destination is a vault's.</summary>
    public string? SecretName { get; internal set; }

    /// <summary>The vault, if the destination is a vault's secret.</summary>
    public string? VaultName { get; internal set; }

    /// <summary>The client and the new key.</summary>
    public override string ToString() => NewKeyId is null ? ClientId : $"{ClientId}/{NewKeyId}";
}
