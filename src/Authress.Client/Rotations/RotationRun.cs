using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <summary>
/// Carries one rotation on. At every moment, and after a kill at any moment, the destination holds a key that works, and every
/// new key is delivered or in the journal. Used once.
/// </summary>
/// <param name="server">The account.</param>
/// <param name="destination">The destination.</param>
/// <param name="journal">The rotation's record.</param>
/// <param name="options">What is to be done.</param>
/// <param name="notify">Receives warnings: the name of a text, and its values. May be called on any thread.</param>
public sealed partial class RotationRun(IRotationServer server, IRotationDestination destination, IRotationJournal journal, RotationOptions options, Action<string, object?[]> notify)
{
    private const int MaximumKeys = 5;
    private const int TooManyRequests = 429;

    // How long a delivery may take beside the proof of its copy.
    private static readonly TimeSpan WriteTime = TimeSpan.FromMinutes(5);

    // What a lifetime of hours does not notice. With a greater difference, an overlap would end early or late.
    private static readonly TimeSpan MaximumClockSkew = TimeSpan.FromMinutes(5);

    private static readonly Func<RotationPlan, Task<bool>> Confirmed = _ => Task.FromResult(true);

    // As the journal has it.
    private Rotation? _record;

    // The same, or a note.
    private Rotation? _stored;
    private bool _isTakenOver;

    // When the keys were listed. The machine may sleep in the middle of a run.
    private DateTimeOffset _listTime;

    /// <summary>Makes a new key and delivers it, or carries on what was interrupted. Deletes no key but one that an earlier run left.</summary>
    /// <param name="confirm">Asks before a change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rotation, whether or not this run changed it; null if none is under way and none begins.</returns>
    /// <exception cref="RotationException">It can't begin, or failed.</exception>
    /// <exception cref="AuthressApiException">A request failed.</exception>
    /// <exception cref="IOException">The destination or the journal failed.</exception>
    public Task<Rotation?> StartAsync(Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken) => RecordFailureAsync(async () =>
    {
        GeneratedKeyPair.VerifyParts(options.ClientId, keyId: null, options.AccountId);
        await ReadRecordAsync().ConfigureAwait(false);
        if (_stored is null && options.NotesDestinations)
            await WriteNoteAsync(Note(keyId: null)).ConfigureAwait(false);
        ThrowIfNeedsAttention();
        ThrowIfMayRun();
        IReadOnlyList<AccessKey> keys = await ListKeysAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfClockIsOff();
        if (_record is { Step: not (RotationStep.Planned or RotationStep.Completed) } record && !await IsIntactAsync(record, keys, cancellationToken).ConfigureAwait(false))
        {
            if (!await confirm(new RotationPlan(RotationChange.Continue, options.ClientId, record.ReplacedKeyId)).ConfigureAwait(false))
                return record;
            confirm = Confirmed;
            keys = await ContinueAsync(record, keys, cancellationToken).ConfigureAwait(false);
        }

        if (_record is not { IsDelivered: true })
            return await BeginAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
        Rotation named = WithRequestedKey(_record, keys);
        if (named != _record)
            await SaveAsync(named).ConfigureAwait(false);
        if (options.Overlap is { } requested && requested != _record.Overlap)
            notify(nameof(Messages.RotationOverlapKept), [options.ClientId, _record.DueTime?.ToLocalTime()]);
        await RemoveLeftoversAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
        if (_record.NeedsAttention)
            await SaveAsync(_record.Forgive()).ConfigureAwait(false);
        return _record;
    });

    /// <summary>
    /// How far the rotation is, by its record or, where none can be kept, by destination and server: the key that the
    /// destination holds, and the one that it replaced.
    /// </summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// The rotation. Without a record there is none; where none can be kept, none if the destination holds no key of the client,
    /// or not exactly one other key is older.
    /// </returns>
    /// <exception cref="RotationException">The record is damaged, newer, or another client's.</exception>
    /// <exception cref="AuthressApiException">A request failed.</exception>
    /// <exception cref="IOException">The destination or the journal can't be read.</exception>
    public async Task<Rotation?> InspectAsync(CancellationToken cancellationToken)
    {
        await ReadRecordAsync().ConfigureAwait(false);
        if (journal.Lasts)
            return _record;
        IReadOnlyList<AccessKey> keys = await ListKeysAsync(cancellationToken).ConfigureAwait(false);
        using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (held.FindIn(keys, options.ClientId) is not { GenerationDate: not null } key)
            return null;
        string? replaced = options.KeyId ?? (FindOlder(key, keys) is [{ } only] ? only.KeyId : null);
        return replaced is null ? null : Derived(key, replaced);
    }

    private Task<IReadOnlyList<AccessKey>> ListKeysAsync(CancellationToken cancellationToken)
    {
        _listTime = options.Now();
        return server.ListKeysAsync(options.ClientId, cancellationToken);
    }

    private async Task<T> RecordFailureAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (_record is { Step: not RotationStep.Completed } && IsFailure(e))
        {
            // The message of a script or a vault may quote the key.
            Rotation record = options.Force ? _record.Forgive() : _record;
            await TrySaveAsync(record.Fail(Redaction.Hide(e.Message), Counts(e))).ConfigureAwait(false);
            if (_record.NeedsAttention && !options.Force && e is not RotationException { NewKey: not null })
                throw NeedsAttention(e);
            throw;
        }
    }

    private static bool IsFailure(Exception e) => e is AuthressApiException or IOException
        || (e is RotationException rotation && rotation.ErrorId is not (nameof(Messages.RotationNeedsAttention) or nameof(Messages.RotationNotDelivered) or nameof(Messages.RotationMayRun) or nameof(Messages.RotationTakenOver) or nameof(Messages.RotationClockOff)));

    // A limit is no fault of the rotation, and what is refused was not tried.
    private static bool Counts(Exception failure) => failure is not (AuthressApiException { StatusCode: TooManyRequests } or RotationException
    {
        ErrorId: nameof(Messages.RotationKeyMissing) or nameof(Messages.RotationHoldsAnother) or nameof(Messages.RotationAmbiguous) or nameof(Messages.RotationForeignContent)
            or nameof(Messages.RotationOtherClient) or nameof(Messages.RotationReplacesAnother) or nameof(Messages.RotationOwnKey) or nameof(Messages.RotationKeyInUse) or nameof(Messages.RotationKeyAwaited) or nameof(Messages.RotationOnlyKeyFresh) or nameof(Messages.RotationOnlyKeyUnclear)
            or nameof(Messages.RotationNoRoom) or nameof(Messages.RotationClockOff),
    });

    private void ThrowIfNeedsAttention()
    {
        if (_record is { NeedsAttention: true } && !options.Force)
            throw NeedsAttention(null);
    }

    // Where nothing locks the record, a run on another machine may be at work, unless it has recorded how it failed.
    private void ThrowIfMayRun()
    {
        if (options.Force || journal is not { Lasts: true, IsLocked: false } || _record is not { Step: RotationStep.Announced or RotationStep.Registered or RotationStep.Delivering, LastError: null } record)
            return;
        DateTimeOffset end = record.StepTime + (options.Wait + WriteTime > RotationChoice.FreshPeriod ? options.Wait + WriteTime : RotationChoice.FreshPeriod);
        if (options.Now() < end)
            throw new RotationException(nameof(Messages.RotationMayRun), null, options.ClientId, record.StepTime, end);
    }

    private void ThrowIfClockIsOff()
    {
        if (server.ClockSkew is { } skew && skew.Duration() > MaximumClockSkew)
            throw new RotationException(nameof(Messages.RotationClockOff), null, skew.Duration(), skew > TimeSpan.Zero ? Messages.ClockIsAhead : Messages.ClockIsBehind, options.ClientId);
    }

    private RotationException HeldBy((OtherRotation Other, Holding Holding) holder, string errorId, string keyId)
    {
        string record = holder.Other.RecordPath;
        return new RotationException(
            errorId,
            null,
            keyId,
            options.ClientId,
            holder.Other.Rotation.Place.Name,
            record.Length == 0 ? string.Empty : InvariantText.Format(Messages.DeleteItsRecord, record),
            holder.Holding == Holding.Yes ? Messages.IsStill : Messages.MayStillBe);
    }

    // The destination that holds a key, or else one that may hold it.
    private async Task<(OtherRotation Other, Holding Holding)?> FindHolderAsync(string keyId)
    {
        OtherRotation? unknown = null;
        foreach (OtherRotation other in options.Others)
        {
            Holding holding = await other.FindHoldingAsync(options.ClientId, keyId).ConfigureAwait(false);
            if (holding is Holding.Yes or Holding.Recorded)
                return (other, holding);
            if (holding == Holding.Unknown)
                unknown = other;
        }

        return unknown is null ? null : (unknown, Holding.Unknown);
    }

    // A note is no rotation. Beside a destination, the record may be of whatever client it was used for.
    private async Task ReadRecordAsync()
    {
        Rotation? stored = await journal.ReadAsync().ConfigureAwait(false);
        if (stored is not null && !(stored.ClientId == options.ClientId && stored.IsOf(options.AccountId)))
            throw new RotationException(nameof(Messages.RotationRecordForeign), null, destination.Place.Name, stored.ClientId, stored.AccountId, options.ClientId, options.AccountId);
        _stored = stored;
        _record = _stored is { IsNote: true } ? null : _stored;
    }

    private RotationException NeedsAttention(Exception? cause) =>
        new(nameof(Messages.RotationNeedsAttention), cause, options.ClientId, _record!.FailedAttempts, _record.LastError);

    // The key that a rotation in the journal replaces, which -KeyId may name where it replaces none.
    private Rotation WithRequestedKey(Rotation rotation, IReadOnlyList<AccessKey> keys)
    {
        if (!rotation.IsDelivered)
            throw new RotationException(nameof(Messages.RotationNotDelivered), null, options.ClientId);
        if (options.KeyId is not { } requested || requested == rotation.ReplacedKeyId)
            return rotation;
        if (rotation.ReplacedKeyId is not null || requested == rotation.NewKeyId)
            throw new RotationException(nameof(Messages.RotationReplacesAnother), null, options.ClientId, rotation.ReplacedKeyId ?? Messages.None, requested);
        ThrowIfMissing(requested, keys);
        return rotation with { ReplacedKeyId = requested };
    }

    private Rotation Derived(AccessKey held, string? replaced)
    {
        DateTimeOffset made = held.GenerationDate ?? options.Now();
        return new Rotation
        {
            Id = $"{options.ClientId}/{held.KeyId}",
            ClientId = options.ClientId,
            ApiUrl = options.ApiUrl,
            AccountId = options.AccountId,
            Place = destination.Place,
            StartTime = made,
            StepTime = made,
            Overlap = options.NewOverlap,
            Step = RotationStep.Delivered,
            NewKeyId = held.KeyId,
            ReplacedKeyId = replaced,
            DueTime = made + options.NewOverlap,
        };
    }

    private AccessKey[] FindOlder(AccessKey held, IReadOnlyList<AccessKey> keys) =>
        [.. keys.Where(other => other.KeyId != held.KeyId && other.GenerationDate <= held.GenerationDate && !options.IsOfOthers(other.KeyId))];

    private void ThrowIfMissing(string keyId, IReadOnlyList<AccessKey> keys)
    {
        if (keys.All(key => key.KeyId != keyId))
            throw new RotationException(nameof(Messages.RotationKeyMissing), null, keyId, options.ClientId, RotationChoice.List(keys));
    }

    // The journal has the public half of a key that a rotation made, and the id alone of one that it found.
    private bool IsNewKey(Rotation rotation, DestinationContent content) =>
        content.IsKeyOf(options) && content.Key!.KeyId == rotation.NewKeyId && (rotation.PublicKey is null || content.Holds(rotation.PublicKey));

    private RotationException ContentChanged(DestinationContent content) =>
        new(nameof(Messages.RotationContentChanged), null, options.ClientId, content.Key?.KeyId ?? Messages.None, destination.Place.IsScript ? Messages.RotationScriptShared : Messages.RotationContentWritten);

    private RotationException CopyNotWorking(DestinationContent content, AccessKeyProof proof) =>
        new(nameof(Messages.RotationCopyNotWorking), null, content.Key!.KeyId, options.ClientId, proof.Message);

    private async Task SaveAsync(Rotation next)
    {
        await ThrowIfTakenOverAsync().ConfigureAwait(false);
        await journal.WriteAsync(next).ConfigureAwait(false);
        _stored = next;
        _record = next;
    }

    // Where nothing locks the record, a run at least stops once another one has changed it.
    private async Task ThrowIfTakenOverAsync()
    {
        if (!options.IsRehearsal && journal is { Lasts: true, IsLocked: false } && !IsSame(await journal.ReadAsync().ConfigureAwait(false), _stored))
            throw new RotationException(nameof(Messages.RotationTakenOver), null, options.ClientId);

        static bool IsSame(Rotation? left, Rotation? right) => (left?.Id, left?.Step, left?.StepTime, left?.PublicKey) == (right?.Id, right?.Step, right?.StepTime, right?.PublicKey);
    }

    // Where another failure is reported, or another change was made that must be.
    private async Task TrySaveAsync(Rotation next)
    {
        try
        {
            await SaveAsync(next).ConfigureAwait(false);
        }
        catch (RotationException e) when (e.ErrorId == nameof(Messages.RotationTakenOver))
        {
            if (!_isTakenOver)
                notify(nameof(Messages.RotationRecordOfAnother), [options.ClientId]);
            _isTakenOver = true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RotationException)
        {
            notify(nameof(Messages.RotationNotSaved), [options.ClientId, e.Message]);
        }
    }
}
