using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <content>What an earlier run left.</content>
public sealed partial class RotationRun
{
    private enum Copy
    {
        Works,
        Lost,
        Other,
    }

    // Whether the destination holds the delivered key, so that there is nothing to continue.
    private async Task<bool> IsIntactAsync(Rotation record, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        if (!record.IsDelivered)
            return false;
        using DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (IsNewKey(record, content) && record.SeenKeyId is not null)
            await SaveAsync(record = record with { SeenKeyId = null }).ConfigureAwait(false);
        if (!options.Force && IsNewKey(record, content) && content.FindIn(keys, options.ClientId) is not null)
            return true;
        Copy copy = await ExamineAsync(record, content, keys, cancellationToken).ConfigureAwait(false);
        return copy != Copy.Other || options.Force ? copy == Copy.Works : throw await NoteChangeAsync(content).ConfigureAwait(false);
    }

    // Rotations in other destinations look at what is there now, where this one can't be read any more. Of a script, whose text may
    // serve several places, it may be another place's.
    private async Task<RotationException> NoteChangeAsync(DestinationContent content)
    {
        string keyId = content.IsKeyOf(options) ? content.Key!.KeyId : string.Empty;
        if (_record is { } record && record.SeenKeyId != keyId && !destination.Place.IsScript)
            await SaveAsync(record with { SeenKeyId = keyId }).ConfigureAwait(false);
        return ContentChanged(content);
    }

    // What the destination's content is. A list of keys may be stale, so only a refusal shows that a key is gone.
    private async Task<Copy> ExamineAsync(Rotation record, DestinationContent content, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        bool isNewKey = record.NewKeyId is null ? content.Holds(record.PublicKey) : IsNewKey(record, content);
        if (!isNewKey)
            return Copy.Other;
        bool isListed = content.FindIn(keys, options.ClientId) is not null;
        AccessKeyProof proof = await server.ProveAsync(content.Text!, isListed && !record.IsDelivered ? options.Wait : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return proof switch
        {
            { Works: true } => Copy.Works,
            { Works: false } when options.Force || !(isListed || proof.IsRegistered is true) => Copy.Lost,
            _ => throw CopyNotWorking(content, proof),
        };
    }

    // The private half of a key that was not delivered died with its run.
    private async Task<IReadOnlyList<AccessKey>> ContinueAsync(Rotation record, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        using DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (record.Step is RotationStep.Announced or RotationStep.Registered)
        {
            if (!content.Holds(record.PublicKey))
                return await RemoveNewKeyAsync(record, keys, cancellationToken).ConfigureAwait(false);

            // A run that could not write its record any more has delivered the key.
            if (record.Step == RotationStep.Announced)
                record = record.Register(content.Key!.KeyId, options.Now());
            record = record.BeginDelivery(options.Now());
            await SaveAsync(record).ConfigureAwait(false);
        }

        switch (await ExamineAsync(record, content, keys, cancellationToken).ConfigureAwait(false))
        {
            case Copy.Works:
                if (!record.IsDelivered)
                    await SaveAsync(record.Deliver(options.Now())).ConfigureAwait(false);
                return keys;
            case Copy.Lost:
                // The destination still holds it.
                Rotation lost = content.FindIn(keys, options.ClientId) is null ? record.Undo(options.Now(), isConfirmed: false) : record.Abandon(options.Now());
                await SaveGivenUpAsync(record, lost with { HeldKeyId = record.NewKeyId }).ConfigureAwait(false);
                return keys;
        }

        bool isUnchanged = content.IsEmpty ? record.HeldKeyId is null : record.HeldKeyId is not null && content.Key?.KeyId == record.HeldKeyId;
        if (record.Step == RotationStep.Delivering && isUnchanged)
        {
            if (!await RestoreAsync(content).ConfigureAwait(false))
                throw ContentChanged(content);

            // The killed run may have delivered it, and somebody have moved it elsewhere.
            if (record.NewKeyId is { } written && await FindHolderAsync(written).ConfigureAwait(false) is not null)
            {
                await SaveGivenUpAsync(record, record.Abandon(options.Now())).ConfigureAwait(false);
                return keys;
            }

            return await RemoveNewKeyAsync(record, keys, cancellationToken).ConfigureAwait(false);
        }

        if (!options.Force)
            throw await NoteChangeAsync(content).ConfigureAwait(false);
        await GiveUpNewKeyAsync(record, content, cancellationToken).ConfigureAwait(false);
        return keys;
    }

    // Somebody has written to the destination. A key of the client that works takes the place of the new one: another would
    // only be one more.
    private async Task GiveUpNewKeyAsync(Rotation record, DestinationContent content, CancellationToken cancellationToken)
    {
        AccessKeyProof? proof = content.IsKeyOf(options) && content.Key!.KeyId != record.ReplacedKeyId
            ? await server.ProveAsync(content.Text!, TimeSpan.Zero, cancellationToken).ConfigureAwait(false)
            : null;
        if (proof is { Works: null })
            throw CopyNotWorking(content, proof);
        await SaveGivenUpAsync(record, proof is { Works: true }
            ? record.Adopt(content.Key!.KeyId, content.Key.PublicKey, options.Now())
            : record.Abandon(options.Now())).ConfigureAwait(false);
    }

    private async Task SaveGivenUpAsync(Rotation before, Rotation after)
    {
        await SaveAsync(after).ConfigureAwait(false);
        foreach (GivenUpKey key in after.GivenUp.Where(key => !before.GivenUp.Contains(key)))
            notify(nameof(Messages.RotationKeyGivenUp), [key.KeyId, options.ClientId, destination.Place.Name, key.DueTime.ToLocalTime()]);
    }

    private async Task<IReadOnlyList<AccessKey>> RemoveNewKeyAsync(Rotation record, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        string? keyId = keys.FirstOrDefault(key => key.KeyId == record.NewKeyId || (key.PublicKey is { } text && PublicKeyText.Same(text, record.PublicKey)))?.KeyId ?? record.NewKeyId;
        if (keyId is not null)
        {
            await ThrowIfTakenOverAsync().ConfigureAwait(false);
            await server.DeleteKeyAsync(options.ClientId, keyId, isUndo: false, cancellationToken).ConfigureAwait(false);
            notify(nameof(Messages.RotationLeftoverRemoved), [keyId, options.ClientId]);
        }

        await SaveAsync(record.Undo(options.Now(), isConfirmed: keyId is not null)).ConfigureAwait(false);
        return [.. keys.Where(key => key.KeyId != keyId)];
    }

    private bool IsLeftover(string? publicKey) => publicKey is not null && _record is not null && _record.Unconfirmed.Any(lost => PublicKeyText.Same(lost.PublicKey, publicKey));

    // While the rotation that gave it up goes on, the key that it replaces stays the same, whatever the destination holds.
    private bool IsGivenUp(string keyId) => _record is { Step: not RotationStep.Completed } && _record.GivenUp.Any(key => key.KeyId == keyId);

    // Deletes the keys that nobody holds. A person may have put one into a destination.
    private async Task<IReadOnlyList<AccessKey>> RemoveLeftoversAsync(IReadOnlyList<AccessKey> keys, Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        if (_record is not { Unconfirmed.Count: > 0 } record)
            return keys;
        List<AccessKey> removed = [];
        AccessKey[] leftovers = [.. keys.Where(key => IsLeftover(key.PublicKey))];
        if (leftovers.Length > 0)
        {
            using DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
            foreach (AccessKey key in leftovers.Where(key => !content.Holds(PublicKeyText.ToDer(key.PublicKey!)) && !options.IsOfOthers(key.KeyId)))
            {
                if (!await confirm(new RotationPlan(RotationChange.RemoveLeftover, options.ClientId, key.KeyId)).ConfigureAwait(false))
                    return keys;
                await ThrowIfTakenOverAsync().ConfigureAwait(false);
                await server.DeleteKeyAsync(options.ClientId, key.KeyId, isUndo: false, cancellationToken).ConfigureAwait(false);
                notify(nameof(Messages.RotationLeftoverRemoved), [key.KeyId, options.ClientId]);
                removed.Add(key);
            }
        }

        Rotation confirmed = record.Confirm(PublicKeys(removed), PublicKeys(leftovers), _listTime);
        if (confirmed.Unconfirmed.Count < record.Unconfirmed.Count)
            await SaveAsync(confirmed).ConfigureAwait(false);
        return [.. keys.Except(removed)];

        static string[] PublicKeys(IReadOnlyCollection<AccessKey> keys) => [.. keys.Select(key => PublicKeyText.ToDer(key.PublicKey!))];
    }
}
