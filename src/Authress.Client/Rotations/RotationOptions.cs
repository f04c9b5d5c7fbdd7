namespace Authress.Client.Rotations;

/// <summary>What a rotation is to do.</summary>
public sealed record RotationOptions
{
    /// <summary>The overlap where none is specified: tokens live that long.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>The default of <see cref="Wait"/>: a new key can take up to 5 minutes to work.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(10);

    /// <summary>The service client.</summary>
    public required string ClientId { get; init; }

    /// <summary>The API URL of the connection.</summary>
    public required string ApiUrl { get; init; }

    /// <summary>The account of the connection.</summary>
    public required string AccountId { get; init; }

    /// <summary>The key to replace; null to replace the one that the destination holds, or else the client's only other key.</summary>
    public string? KeyId { get; init; }

    /// <summary>How long the replaced key goes on working; null for the default, or what an interrupted rotation has.</summary>
    public TimeSpan? Overlap { get; init; }

    /// <summary>Begins only if the destination's key is older; null for always.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>How long to wait until the new key works.</summary>
    public TimeSpan Wait { get; init; } = DefaultWait;

    /// <summary>Whether to go on where three attempts failed, to replace foreign content, and not to wait for the overlap.</summary>
    public bool Force { get; init; }

    /// <summary>Whether a destination without a record has nothing to complete, rather than that the record is missing.</summary>
    public bool IsWitness { get; init; }

    /// <summary>The key that signs for the connection, if it belongs to this client.</summary>
    public string? OwnKeyId { get; init; }

    /// <summary>Rotations of this client in other destinations. Their keys are never taken for the key to replace.</summary>
    public IReadOnlyCollection<OtherRotation> Others { get; init; } = [];

    /// <summary>Whether a destination that needs no rotation, or can't be read, is noted in the journal, where rotations in others see it.</summary>
    public bool NotesDestinations { get; init; }

    /// <summary>The overlap of a rotation that has none yet.</summary>
    internal TimeSpan NewOverlap => Overlap ?? DefaultOverlap;

    /// <summary>Whether a key belongs to a rotation in another destination.</summary>
    internal bool IsOfOthers(string keyId) => Others.Any(other => keyId == other.Rotation.NewKeyId || keyId == other.Rotation.HeldKeyId || keyId == other.Rotation.ReplacedKeyId || other.Rotation.GivenUp.Any(key => key.KeyId == keyId));

    /// <summary>Whether every confirmation is declined, and all that would be asked is to be shown (-WhatIf).</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The clock.</summary>
    public Func<DateTimeOffset> Now { get; init; } = () => DateTimeOffset.UtcNow;
}
