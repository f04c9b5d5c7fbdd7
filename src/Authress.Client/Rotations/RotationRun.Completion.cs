using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <content>The end of a rotation: the replaced key goes, and the keys that were given up.</content>
public sealed partial class RotationRun
{
    /// <summary>Deletes the replaced key, once the overlap has passed and the delivered key is proved again.</summary>
    /// <param name="confirm">Asks before a change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rotation, whether or not it is completed; null for a witness, in whose destination nothing was rotated.</returns>
    /// <inheritdoc cref="StartAsync" path="exception" />
    public Task<Rotation?> CompleteAsync(Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken) => RecordFailureAsync<Rotation?>(async () =>
    {
        await ReadRecordAsync().ConfigureAwait(false);
        ThrowIfNeedsAttention();
        if (_record is { Step: RotationStep.Completed } completed && options.KeyId is null)
        {
            // Of a script, whose text may serve several places, the record may be another one's. Elsewhere Start may have seen what
            // somebody wrote since.
            using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
            bool isSeen = !destination.Place.IsScript && completed.SeenKeyId is { Length: > 0 } seen && held.Key?.KeyId == seen;
            if (!isSeen && !IsNewKey(completed, held))
                throw ContentChanged(held);
            await RetireGivenUpAsync(completed, confirm, cancellationToken).ConfigureAwait(false);
            return _record;
        }

        // They may take the place that the next attempt needs.
        if (_record is { Step: RotationStep.Planned } planned && options.KeyId is null && await RetireGivenUpAsync(planned, confirm, cancellationToken).ConfigureAwait(false))
            return _record;

        if (_record is null && journal.Lasts && options is { IsWitness: true, KeyId: null })
        {
            notify(nameof(Messages.RotationNone), [destination.Place.Name, options.ClientId]);
            return null;
        }

        IReadOnlyList<AccessKey> keys = await ListKeysAsync(cancellationToken).ConfigureAwait(false);
        Rotation rotation = _record is null or { Step: RotationStep.Completed } ? await DeriveAsync(keys).ConfigureAwait(false) : WithRequestedKey(_record, keys);
        ThrowIfOwn(rotation.ReplacedKeyId);
        if (!options.Force)
            ThrowIfClockIsOff();
        if (!options.Force && options.Now() < rotation.DueTime)
        {
            notify(nameof(Messages.RotationNotDue), [options.ClientId, rotation.DueTime?.ToLocalTime()]);
            return rotation;
        }

        if (rotation.ReplacedKeyId is { } awaited && options.Others.FirstOrDefault(other => other.Rotation.IsYetToReplace(awaited)) is { } awaiting)
            throw HeldBy((awaiting, Holding.Yes), nameof(Messages.RotationKeyAwaited), awaited);
        OtherRotation? keeper = rotation.ReplacedKeyId is null ? null : FindKeeper(rotation.ReplacedKeyId);
        if (!options.Force && keeper is not null)
        {
            notify(nameof(Messages.RotationKeptByOther), [rotation.ReplacedKeyId, options.ClientId, keeper.FindKeptUntil(rotation.ReplacedKeyId!)?.ToLocalTime(), keeper.Rotation.Place.Name]);
            return rotation;
        }

        using (DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false))
        {
            if (!IsNewKey(rotation, content))
                throw ContentChanged(content);
        }

        await ThrowIfInUseAsync(rotation.ReplacedKeyId).ConfigureAwait(false);
        RotationPlan plan = new(RotationChange.Retire, options.ClientId, rotation.ReplacedKeyId) { Early = FindEarly(rotation.ReplacedKeyId, rotation.DueTime) };
        bool isConfirmed = await confirm(plan).ConfigureAwait(false);
        if (!isConfirmed && !options.IsRehearsal)
            return rotation;
        rotation = rotation with { GivenUp = [.. (_record?.GivenUp ?? []).Where(given => options.Now() - given.DueTime < Rotation.UnconfirmedPeriod || keys.Any(key => key.KeyId == given.KeyId))], TakenOut = _record?.TakenOut ?? [] };
        IReadOnlyList<string> givenUp = await ConfirmGivenUpAsync(rotation, keys, confirm).ConfigureAwait(false);
        await RemoveLeftoversAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
        if (!isConfirmed)
            return rotation;
        await RetireAsync(rotation with { Unconfirmed = _record?.Unconfirmed ?? [] }, givenUp, cancellationToken).ConfigureAwait(false);
        return _record;
    });

    // Where no key is replaced. The destination must hold a key that works all the same. Returns whether there was something to ask.
    private async Task<bool> RetireGivenUpAsync(Rotation record, Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        if (!record.GivenUp.Any(key => options.Force || key.DueTime <= options.Now()))
            return false;
        using DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (!content.IsKeyOf(options))
            return false;
        IReadOnlyList<AccessKey> keys = await ListKeysAsync(cancellationToken).ConfigureAwait(false);
        if (!options.Force)
            ThrowIfClockIsOff();
        bool isAsked = false;
        Rotation holding = record with { NewKeyId = content.Key!.KeyId };
        IReadOnlyList<string> confirmed = await ConfirmGivenUpAsync(holding, keys, plan =>
        {
            isAsked = true;
            return confirm(plan);
        }).ConfigureAwait(false);
        if (confirmed.Count > 0)
        {
            await ProveHeldAsync(content, cancellationToken).ConfigureAwait(false);
            await ThrowIfTakenOverAsync().ConfigureAwait(false);
            await DeleteAsync(confirmed, cancellationToken).ConfigureAwait(false);
            await SaveAsync(record.Without(confirmed)).ConfigureAwait(false);
        }

        return isAsked;
    }

    // Those of the given-up keys that may go and that nobody is known to use. One that a list lacks may only be missing in a stale
    // list.
    private async Task<IReadOnlyList<string>> ConfirmGivenUpAsync(Rotation rotation, IReadOnlyList<AccessKey> keys, Func<RotationPlan, Task<bool>> confirm)
    {
        List<string> confirmed = [];
        string?[] kept = [rotation.NewKeyId, rotation.ReplacedKeyId, options.OwnKeyId];
        foreach (GivenUpKey key in rotation.GivenUp.Where(key => !kept.Contains(key.KeyId) && keys.Any(listed => listed.KeyId == key.KeyId)))
        {
            DateTimeOffset? early = FindEarly(key.KeyId, rotation.FindKeptUntil(key.KeyId));
            RotationPlan plan = new(RotationChange.RetireGivenUp, options.ClientId, key.KeyId) { Early = early };
            bool mayGo = (early is null || options.Force) && await FindHolderAsync(key.KeyId).ConfigureAwait(false) is null;
            if (mayGo && await confirm(plan).ConfigureAwait(false))
                confirmed.Add(key.KeyId);
        }

        return confirmed;
    }

    private async Task RetireAsync(Rotation rotation, IReadOnlyList<string> givenUp, CancellationToken cancellationToken)
    {
        using (DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false))
        {
            if (!IsNewKey(rotation, content))
                throw ContentChanged(content);
            await ProveHeldAsync(content, cancellationToken).ConfigureAwait(false);
        }

        if (rotation.Step == RotationStep.Delivered)
            rotation = rotation.BeginRetiring(options.Now());
        rotation = rotation with { SeenKeyId = null, FormerKeyId = null };
        await SaveAsync(rotation).ConfigureAwait(false);
        await DeleteAsync(rotation.ReplacedKeyId is { } replaced ? givenUp.Prepend(replaced) : givenUp, cancellationToken).ConfigureAwait(false);
        await SaveAsync(rotation.Complete(options.Now()).Without(givenUp)).ConfigureAwait(false);
    }

    // The last before a key is deleted. The proof may wait.
    private async Task ProveHeldAsync(DestinationContent content, CancellationToken cancellationToken)
    {
        AccessKeyProof proof = await server.ProveAsync(content.Text!, options.Wait, cancellationToken).ConfigureAwait(false);
        if (proof.Works is not true)
            throw CopyNotWorking(content, proof);
        using DestinationContent now = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (!now.IsSameAs(content))
            throw ContentChanged(now);
    }

    private async Task DeleteAsync(IEnumerable<string> keyIds, CancellationToken cancellationToken)
    {
        foreach (string keyId in keyIds)
        {
            await server.DeleteKeyAsync(options.ClientId, keyId, isUndo: false, cancellationToken).ConfigureAwait(false);
            if (!await server.IsGoneAsync(options.ClientId, keyId, cancellationToken).ConfigureAwait(false))
                throw new RotationException(nameof(Messages.RotationNotRetired), null, keyId, options.ClientId);
        }
    }

    private async Task<Rotation> DeriveAsync(IReadOnlyList<AccessKey> keys)
    {
        if (options.KeyId is not { } replaced)
            throw new RotationException(nameof(Messages.RotationRecordMissing), null, options.ClientId, RotationChoice.List(keys));
        ThrowIfMissing(replaced, keys);
        using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        return held.FindIn(keys, options.ClientId) is { } key && key.KeyId != replaced ? Derived(key, replaced) : throw ContentChanged(held);
    }

    private void ThrowIfOwn(string? replaced)
    {
        if (replaced is not null && replaced == options.OwnKeyId)
            throw new RotationException(nameof(Messages.RotationOwnKey), null, replaced, options.ClientId);
    }

    private async Task ThrowIfInUseAsync(string? replaced)
    {
        if (replaced is not null && await FindHolderAsync(replaced).ConfigureAwait(false) is { } holder)
            throw HeldBy(holder, nameof(Messages.RotationKeyInUse), replaced);
    }

    // The rotation in another destination that keeps a key longest, if that is beyond now.
    private OtherRotation? FindKeeper(string keyId) =>
        options.Others.Where(other => options.Now() < other.FindKeptUntil(keyId)).OrderByDescending(other => other.FindKeptUntil(keyId)).FirstOrDefault();

    // When the last overlap of a key ends, if that is yet to come; null otherwise.
    private DateTimeOffset? FindEarly(string? keyId, DateTimeOffset? due)
    {
        DateTimeOffset? other = keyId is null ? null : FindKeeper(keyId)?.FindKeptUntil(keyId);
        DateTimeOffset? latest = other > due ? other : due;
        return options.Now() < latest ? latest : null;
    }
}
