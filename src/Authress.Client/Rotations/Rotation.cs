using System.Text.Json.Serialization;

namespace Authress.Client.Rotations;

/// <summary>
/// A rotation's state machine: the steps, what may follow each, and what each leaves. Immutable. Knows nothing of cmdlets,
/// files or HTTP. Contains no secret.
/// </summary>
public sealed record Rotation
{
    /// <summary>After so many failed attempts in a row, a person has to look.</summary>
    public const int MaximumFailedAttempts = 3;

    // A registration whose response was lost may be carried out late.
    internal static readonly TimeSpan UnconfirmedPeriod = TimeSpan.FromHours(24);

    private static readonly Dictionary<RotationStep, RotationStep[]> Following = new()
    {
        [RotationStep.Planned] = [RotationStep.Announced],
        [RotationStep.Announced] = [RotationStep.Registered, RotationStep.Planned],
        [RotationStep.Registered] = [RotationStep.Delivering, RotationStep.Planned],
        [RotationStep.Delivering] = [RotationStep.Delivered, RotationStep.Planned],
        [RotationStep.Delivered] = [RotationStep.Retiring, RotationStep.Delivered, RotationStep.Planned],
        [RotationStep.Retiring] = [RotationStep.Completed, RotationStep.Delivered, RotationStep.Planned],
        [RotationStep.Completed] = [],
    };

    /// <summary>The rotation's own id.</summary>
    public required string Id { get; init; }

    /// <summary>The service client.</summary>
    public required string ClientId { get; init; }

    /// <summary>The API URL of the connection that began it, for whoever reads the record.</summary>
    public required string ApiUrl { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The destination.</summary>
    public required RotationPlace Place { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When the present step began.</summary>
    public required DateTimeOffset StepTime { get; init; }

    /// <summary>How long the replaced key goes on working after delivery.</summary>
    public required TimeSpan Overlap { get; init; }

    /// <summary>The present step.</summary>
    public RotationStep Step { get; init; }

    /// <summary>
    /// Whether nothing was rotated: the record says only that the destination exists, so that rotations in others look into it
    /// before they delete a key. Its step is Completed.
    /// </summary>
    public bool IsNote { get; init; }

    /// <summary>The key that the destination held when the rotation began; null if it held none.</summary>
    public string? HeldKeyId { get; init; }

    /// <summary>The one key that is replaced; null if none is.</summary>
    public string? ReplacedKeyId { get; init; }

    /// <summary>The new key's public half, from Announced on.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The new key's id, from Registered on.</summary>
    public string? NewKeyId { get; init; }

    /// <summary>When the replaced key may go, from Delivered on.</summary>
    public DateTimeOffset? DueTime { get; init; }

    /// <summary>Failed attempts since the last step forward.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>The last attempt's error.</summary>
    public string? LastError { get; init; }

    /// <summary>Public halves whose keys nobody holds: the registration may still be carried out. They are deleted where they turn up.</summary>
    public IReadOnlyList<UnconfirmedKey> Unconfirmed { get; init; } = [];

    /// <summary>
    /// Keys of this rotation and of earlier ones that the destination held, or may have held, and that something else took the place of. Something may
    /// still use them, so they are kept like the replaced key, and deleted when the rotation is completed.
    /// </summary>
    public IReadOnlyList<GivenUpKey> GivenUp { get; init; } = [];

    /// <summary>
    /// Keys that this rotation took out of the destination before it was begun again, and until when they are kept: no rotation
    /// in another destination deletes one before, whatever this one replaces by then.
    /// </summary>
    public IReadOnlyList<GivenUpKey> TakenOut { get; init; } = [];

    /// <summary>
    /// The key that the destination held when a later Start looked, empty for none of the client; null if it held what this rotation
    /// delivered.
    /// </summary>
    public string? SeenKeyId { get; init; }

    /// <summary>The key that the destination held before that, as far as the journal knows; null for none.</summary>
    public string? FormerKeyId { get; init; }

    /// <summary>Whether a person has to look before it is tried again.</summary>
    [JsonIgnore]
    public bool NeedsAttention => FailedAttempts >= MaximumFailedAttempts && Step != RotationStep.Completed;

    /// <summary>Whether the destination holds the new key, as far as the journal knows.</summary>
    [JsonIgnore]
    public bool IsDelivered => Step is RotationStep.Delivered or RotationStep.Retiring;

    /// <summary>The key that the destination holds, as far as the journal knows; null if it holds none.</summary>
    [JsonIgnore]
    public string? DestinationKeyId => SeenKeyId is not null ? SeenKeyId : IsDelivered || Step == RotationStep.Completed ? NewKeyId : HeldKeyId;

    /// <summary>
    /// Whether it replaces a key that its destination does not hold, and is not delivered yet: until then, whatever is to read the
    /// destination uses that key from elsewhere.
    /// </summary>
    /// <param name="keyId">The key.</param>
    public bool IsYetToReplace(string keyId) => IsReplacing(keyId) && HeldKeyId != keyId;

    /// <summary>Whether it replaces a key, and is not delivered yet. Something uses that key, however long it takes.</summary>
    /// <param name="keyId">The key.</param>
    public bool IsReplacing(string keyId) => !IsDelivered && Step != RotationStep.Completed && ReplacedKeyId == keyId;

    /// <summary>Until when it keeps a key that the destination held, and that something may still use; null if it keeps none.</summary>
    /// <param name="keyId">The key.</param>
    public DateTimeOffset? FindKeptUntil(string keyId)
    {
        IEnumerable<DateTimeOffset?> times = GivenUp.Concat(TakenOut).Where(key => key.KeyId == keyId).Select(key => (DateTimeOffset?)key.DueTime);
        if (keyId == ReplacedKeyId && IsDelivered)
            times = times.Append(DueTime);

        // It may have been written to.
        else if (keyId == ReplacedKeyId && Step == RotationStep.Delivering)
            times = times.Append(StepTime + Overlap);
        return times.Max();
    }

    /// <summary>
    /// Until when a key is kept that it replaced or gave up; null for any other, and for one that it is yet to replace, which
    /// something uses however long that takes.
    /// </summary>
    /// <param name="keyId">The key.</param>
    /// <param name="now">The time.</param>
    public DateTimeOffset? FindShownUntil(string keyId, DateTimeOffset now) => IsReplacing(keyId)
        ? null
        : (this with { TakenOut = [.. TakenOut.Where(key => now < key.DueTime)] }).FindKeptUntil(keyId);

    /// <summary>The last key of the client that the destination held, as far as the journal knows; null for none.</summary>
    [JsonIgnore]
    public string? LastHeldKeyId => new[] { SeenKeyId, FormerKeyId, NewKeyId }.FirstOrDefault(keyId => !string.IsNullOrEmpty(keyId));

    /// <summary>Whether it is a rotation in this account, which may have several URLs.</summary>
    public bool IsOf(string? accountId) => AccountId == accountId;

    /// <summary>A record of a destination in which nothing is rotated.</summary>
    /// <param name="options">The client and the account.</param>
    /// <param name="place">The destination.</param>
    /// <param name="keyId">The key of the client that it holds, empty for none; null if that is unknown.</param>
    public static Rotation NoteOf(RotationOptions options, RotationPlace place, string? keyId) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        ClientId = options.ClientId,
        ApiUrl = options.ApiUrl,
        AccountId = options.AccountId,
        Place = place,
        StartTime = options.Now(),
        StepTime = options.Now(),
        Overlap = options.NewOverlap,
        Step = RotationStep.Completed,
        IsNote = true,
        NewKeyId = keyId,
    };

    /// <summary>The steps that may follow one.</summary>
    public static IReadOnlyList<RotationStep> StepsAfter(RotationStep step) => Following[step];

    /// <summary>Before the request that registers the public half.</summary>
    public Rotation Announce(string publicKey, DateTimeOffset now) => To(RotationStep.Announced, now) with { PublicKey = publicKey };

    /// <summary>The public half is registered.</summary>
    public Rotation Register(string keyId, DateTimeOffset now) => To(RotationStep.Registered, now) with { NewKeyId = keyId };

    /// <summary>Before the destination is written to. From here on it may hold the new key.</summary>
    public Rotation BeginDelivery(DateTimeOffset now) => To(RotationStep.Delivering, now);

    /// <summary>The delivered copy was read back, and it works.</summary>
    public Rotation Deliver(DateTimeOffset now) => To(RotationStep.Delivered, now) with { DueTime = now + Overlap, SeenKeyId = null, FailedAttempts = 0, LastError = null };

    /// <summary>Before the replaced key is deleted.</summary>
    public Rotation BeginRetiring(DateTimeOffset now) => To(RotationStep.Retiring, now);

    /// <summary>The replaced key is gone.</summary>
    public Rotation Complete(DateTimeOffset now) => To(RotationStep.Completed, now) with { FailedAttempts = 0, LastError = null };

    /// <summary>
    /// The destination holds another key of the client that works, which takes the place of the new one. That one is given up, if
    /// this rotation made it.
    /// </summary>
    /// <param name="keyId">The key that the destination holds.</param>
    /// <param name="publicKey">Its public half.</param>
    /// <param name="now">The time.</param>
    public Rotation Adopt(string keyId, string? publicKey, DateTimeOffset now) => To(RotationStep.Delivered, now) with
    {
        NewKeyId = keyId,

        // Only of a key that this rotation made.
        PublicKey = GivenUp.Any(key => key.KeyId == keyId) || Unconfirmed.Any(key => key.PublicKey == publicKey) ? publicKey : null,
        DueTime = now + Overlap,
        Unconfirmed = [.. Unconfirmed.Where(key => key.PublicKey != publicKey)],
        GivenUp = GiveUp(now, adopted: keyId),
        SeenKeyId = null,
        FailedAttempts = 0,
        LastError = null,
    };

    /// <summary>The new key is deleted or given up; the destination holds what it held before, or something that does not work.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isConfirmed">Whether no key with the public half can exist any more. Otherwise it is deleted where it turns up.</param>
    public Rotation Undo(DateTimeOffset now, bool isConfirmed) => To(RotationStep.Planned, now) with
    {
        PublicKey = null,
        NewKeyId = null,
        DueTime = null,
        SeenKeyId = null,
        TakenOut = IsDelivered ? TakeOut(now) : TakenOut,
        Unconfirmed = isConfirmed || PublicKey is null ? Unconfirmed : [.. Unconfirmed, new UnconfirmedKey(PublicKey, now)],
    };

    /// <summary>The destination no longer holds the new key, or it does not work. Something may use it, so it is given up.</summary>
    /// <param name="now">The time.</param>
    public Rotation Abandon(DateTimeOffset now) => Undo(now, isConfirmed: true) with
    {
        GivenUp = GiveUp(now, adopted: null),
        TakenOut = WasWritten ? TakeOut(now) : TakenOut,
    };

    /// <summary>Without given-up keys that were deleted, the replaced key of a completed rotation among them.</summary>
    /// <param name="deleted">The keys.</param>
    public Rotation Without(IReadOnlyCollection<string> deleted) => this with { GivenUp = [.. GivenUp.Where(key => !deleted.Contains(key.KeyId) && !(Step == RotationStep.Completed && key.KeyId == ReplacedKeyId))] };

    /// <summary>An attempt failed.</summary>
    /// <param name="error">The error.</param>
    /// <param name="counts">Whether it brings the rotation closer to needing attention.</param>
    public Rotation Fail(string error, bool counts) => this with { LastError = error, FailedAttempts = FailedAttempts + (counts ? 1 : 0) };

    /// <summary>Without failures: a person has looked.</summary>
    public Rotation Forgive() => this with { LastError = null, FailedAttempts = 0 };

    /// <summary>Without the public halves whose keys were deleted, and those whose time has passed without a key.</summary>
    /// <param name="removed">Those that were deleted.</param>
    /// <param name="listed">Those that the client had.</param>
    /// <param name="listTime">When the client's keys were listed.</param>
    public Rotation Confirm(IReadOnlyCollection<string> removed, IReadOnlyCollection<string> listed, DateTimeOffset listTime) => this with
    {
        Unconfirmed = [.. Unconfirmed.Where(key => !removed.Contains(key.PublicKey) && (listTime - key.Since < UnconfirmedPeriod || listed.Contains(key.PublicKey)))],
    };

    /// <summary>What it waits for.</summary>
    public RotationState StateAt(DateTimeOffset now) =>
        Step == RotationStep.Completed ? RotationState.Completed
        : NeedsAttention ? RotationState.NeedsAttention
        : !IsDelivered ? RotationState.Interrupted
        : now >= DueTime ? RotationState.Due
        : RotationState.Delivered;

    /// <summary>As a script sees it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isRunning">Whether a live process works on it.</param>
    public AccessKeyRotation ToModel(DateTimeOffset now, bool isRunning = false) => new(Id, ClientId, Place.Name)
    {
        State = isRunning ? RotationState.Running : StateAt(now),
        Step = Step,
        StepTime = StepTime,
        StartTime = StartTime,
        NewKeyId = NewKeyId,
        ReplacedKeyId = ReplacedKeyId,
        DueTime = IsDelivered ? DueTime : null,
        FailedAttempts = FailedAttempts,
        LastError = LastError,
        OutFile = Place.OutFile,
        SecretName = Place.SecretName,
        VaultName = Place.VaultName,
    };

    private bool WasWritten => Step is RotationStep.Delivering or RotationStep.Delivered or RotationStep.Retiring;

    private IReadOnlyList<GivenUpKey> TakeOut(DateTimeOffset now) =>
        ReplacedKeyId is { } replaced ? [.. TakenOut.Where(key => key.KeyId != replaced), new GivenUpKey(replaced, now + Overlap)] : TakenOut;

    private IReadOnlyList<GivenUpKey> GiveUp(DateTimeOffset now, string? adopted)
    {
        IEnumerable<GivenUpKey> earlier = GivenUp.Where(key => key.KeyId != adopted);
        return [.. WasWritten && PublicKey is not null && NewKeyId is { } own ? earlier.Append(new GivenUpKey(own, now + Overlap)) : earlier];
    }

    private Rotation To(RotationStep step, DateTimeOffset now) => Following[Step].Contains(step)
        ? this with { Step = step, StepTime = now }
        : throw new InvalidOperationException($"{Step}->{step}");
}

/// <summary>A public half whose key nobody holds.</summary>
/// <param name="PublicKey">The public half.</param>
/// <param name="Since">Since when.</param>
public sealed record UnconfirmedKey(string PublicKey, DateTimeOffset Since);

/// <summary>A key that a destination held and that something may still use.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="DueTime">When it may go.</param>
public sealed record GivenUpKey(string KeyId, DateTimeOffset DueTime);
