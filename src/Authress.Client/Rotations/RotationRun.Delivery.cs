using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <content>A new key, from its pair to the destination.</content>
public sealed partial class RotationRun
{
    private async Task<Rotation?> BeginAsync(IReadOnlyList<AccessKey> keys, Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        using DestinationContent held = await ReadOrWarnAsync().ConfigureAwait(false);
        AccessKey[] present = [.. keys.Where(key => !IsLeftover(key.PublicKey))];
        AccessKey[] used = [.. present.Where(key => !IsGivenUp(key.KeyId))];
        RotationChoice choice = new(options, present, _record?.GivenUp ?? []);
        choice.ThrowIfForeign(held);
        await NoteAsync(held).ConfigureAwait(false);
        AccessKey? heldKey = await FindHeldAsync(held, used, cancellationToken).ConfigureAwait(false);
        (string? replaced, bool isGuess) = await ChooseAsync(choice, held, heldKey?.KeyId).ConfigureAwait(false);
        ThrowIfOfAnotherPlace(held, heldKey is null ? replaced : null);
        bool isBegun = _record is { Step: RotationStep.Planned };
        if (heldKey is not null && (FindUnderWay(heldKey, used) is not null || (!isBegun && !IsDue(heldKey))))
        {
            await RemoveLeftoversAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
            return FindUnderWay(heldKey, used);
        }

        foreach (AccessKey fresh in choice.FindFresh(held, replaced))
            notify(nameof(Messages.RotationFreshKey), [options.ClientId, fresh.KeyId, fresh.GenerationDate?.ToLocalTime()]);

        // Another destination may have been meant, or the key moved to one.
        if (heldKey is null && replaced is not null && options.KeyId is null && !isBegun)
            notify(isGuess ? nameof(Messages.RotationTakesOnlyKey) : nameof(Messages.RotationTakesLastKey), [destination.Place.Name, replaced, options.ClientId]);
        Rotation rotation = Plan(held, replaced);
        if (_record is { Step: RotationStep.Planned, ReplacedKeyId: { } before } && before != replaced && present.Any(key => key.KeyId == before))
            notify(nameof(Messages.RotationKeyLeft), [before, options.ClientId, destination.Place.Name]);
        await ThrowIfNoRoomAsync(rotation, present).ConfigureAwait(false);
        await destination.CheckAsync().ConfigureAwait(false);
        if (!await confirm(new RotationPlan(RotationChange.Begin, options.ClientId, replaced)).ConfigureAwait(false))
            return null;
        keys = await RemoveLeftoversAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
        await ThrowIfNoRoomAsync(rotation = Plan(held, replaced), keys).ConfigureAwait(false);
        await destination.PrepareAsync().ConfigureAwait(false);
        GeneratedKeyPair pair = GeneratedKeyPair.Generate();
        await SaveAsync(rotation.Announce(pair.PublicKey, options.Now())).ConfigureAwait(false);
        AccessKey key = await RegisterAsync(pair.PublicKey, cancellationToken).ConfigureAwait(false);
        using IssuedAccessKey issued = await ProveAsync(pair, key, held, cancellationToken).ConfigureAwait(false);
        await DeliverAsync(issued, held, cancellationToken).ConfigureAwait(false);
        return _record;
    }

    // The key to replace, and whether it is known only as the client's only other one.
    private async Task<(string? KeyId, bool IsGuess)> ChooseAsync(RotationChoice choice, DestinationContent held, string? heldKeyId)
    {
        if (choice.TryChoose(held, heldKeyId, _record, out string? known))
            return (known, false);
        List<AccessKey> free = [];
        OtherRotation? unclear = null;
        foreach (AccessKey key in choice.FindCandidates().Where(key => _stored?.LastHeldKeyId is not { } last || key.KeyId == last))
        {
            (OtherRotation Other, Holding Holding)? holder = await FindHolderAsync(key.KeyId).ConfigureAwait(false);
            if (holder is { Holding: not Holding.Unknown })
                continue;
            free.Add(key);
            unclear = holder?.Other ?? unclear;
        }

        if (unclear is not null && free is [{ } only])
            throw HeldBy((unclear, Holding.Unknown), nameof(Messages.RotationOnlyKeyUnclear), only.KeyId);

        // If the key that the destination held last is gone, or was moved elsewhere, nothing is left to replace: the client's other
        // keys are somebody else's.
        return _stored?.LastHeldKeyId is null ? (choice.ChooseOnly(free), true) : (free.FirstOrDefault()?.KeyId, false);
    }

    // One script may serve several places. The key to replace must not be chosen by what its record knows of another one.
    private void ThrowIfOfAnotherPlace(DestinationContent held, string? chosen)
    {
        bool isKnown = _record is null || _record.DestinationKeyId == held.Key?.KeyId || (held.Key is { } key && (IsGivenUp(key.KeyId) || IsLeftover(key.PublicKey)));
        if (destination.Place.IsScript && chosen is not null && !isKnown && options is { KeyId: null, Force: false })
            throw ContentChanged(held);
    }

    // A destination that can't be read may hold any key of the client.
    private async Task<DestinationContent> ReadOrWarnAsync()
    {
        try
        {
            return await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        }
        catch (IOException) when (_stored is { IsNote: true, DestinationKeyId: null } && !destination.Place.IsScript)
        {
            if (!options.IsRehearsal)
                notify(nameof(Messages.RotationDestinationUnread), [destination.Place.Name, options.ClientId]);
            throw;
        }
    }

    // Rotations in other destinations look at it where this one can't be read any more. A completed rotation has a record without a
    // journal, too.
    private async Task NoteAsync(DestinationContent held)
    {
        string keyId = held.IsKeyOf(options) ? held.Key!.KeyId : string.Empty;
        Rotation? note = _stored switch
        {
            { IsNote: true } when _stored.DestinationKeyId != keyId => Note(keyId.Length > 0 ? keyId : _stored.LastHeldKeyId) with { SeenKeyId = keyId },
            { Step: RotationStep.Completed } when _stored.DestinationKeyId != keyId => _stored with { SeenKeyId = keyId, FormerKeyId = _stored.LastHeldKeyId },
            _ => null,
        };
        if (note is not null)
            await WriteNoteAsync(note).ConfigureAwait(false);
    }

    private async Task WriteNoteAsync(Rotation note)
    {
        await ThrowIfTakenOverAsync().ConfigureAwait(false);
        await journal.WriteAsync(note).ConfigureAwait(false);
        _stored = note;
        _record = note.IsNote ? null : note;
    }

    private async Task ThrowIfNoRoomAsync(Rotation rotation, IReadOnlyCollection<AccessKey> keys)
    {
        if (keys.Count < MaximumKeys)
            return;

        // Room may be made by completing a rotation in another destination, which must not delete the key that this one holds.
        await SaveAsync(rotation).ConfigureAwait(false);
        throw new RotationException(nameof(Messages.RotationNoRoom), null, options.ClientId, RotationChoice.List(keys, rotation.GivenUp));
    }

    private Rotation Note(string? keyId) => Rotation.NoteOf(options, destination.Place, keyId);

    // The entry of the key that the destination holds. A list may be stale, and a key that works is not gone.
    private async Task<AccessKey?> FindHeldAsync(DestinationContent held, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        if (held.FindIn(keys, options.ClientId) is { } listed)
            return listed;
        if (!held.IsKeyOf(options) || IsLeftover(held.Key!.PublicKey) || IsGivenUp(held.Key.KeyId))
            return null;
        AccessKeyProof proof = await server.ProveAsync(held.Text!, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return proof.Works switch
        {
            true => new AccessKey(options.ClientId, held.Key.KeyId),
            false => null,
            _ => throw CopyNotWorking(held, proof),
        };
    }

    // Without a journal, a key that is younger than the overlap was just delivered.
    private Rotation? FindUnderWay(AccessKey held, IReadOnlyList<AccessKey> keys) =>
        !journal.Lasts && !options.Force && held.GenerationDate is { } made && options.Now() < made + options.NewOverlap && FindOlder(held, keys) is { Length: > 0 } older
            ? Derived(held, older is [{ } only] ? only.KeyId : null)
            : null;

    private bool IsDue(AccessKey heldKey)
    {
        if (options.OlderThan is not { } age)
            return true;
        if (heldKey.GenerationDate is not { } made)
        {
            notify(nameof(Messages.RotationAgeUnknown), [heldKey.KeyId, options.ClientId]);
            return false;
        }

        return options.Now() - made > age;
    }

    private Rotation Plan(DestinationContent held, string? replaced) => new()
    {
        Id = _record is { Step: RotationStep.Planned } ? _record.Id : Guid.NewGuid().ToString("N"),
        ClientId = options.ClientId,
        ApiUrl = options.ApiUrl,
        AccountId = options.AccountId,
        Place = destination.Place,
        StartTime = _record is { Step: RotationStep.Planned } ? _record.StartTime : options.Now(),
        StepTime = options.Now(),
        Overlap = options.Overlap ?? (_record is { Step: RotationStep.Planned } ? _record.Overlap : options.NewOverlap),
        HeldKeyId = held.Key?.KeyId,
        ReplacedKeyId = replaced,
        Unconfirmed = _record?.Unconfirmed ?? [],
        GivenUp = _record?.GivenUp ?? [],
        TakenOut = [.. (_record?.TakenOut ?? []).Where(key => options.Now() < key.DueTime)],
        FailedAttempts = _record is { Step: RotationStep.Planned } && !options.Force ? _record.FailedAttempts : 0,
    };

    private async Task<AccessKey> RegisterAsync(string publicKey, CancellationToken cancellationToken)
    {
        AccessKey key;
        try
        {
            key = await server.RegisterAsync(options.ClientId, publicKey, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthressApiException e)
        {
            // A registration that is carried out late is found by the next run.
            await TrySaveAsync(_record!.Undo(options.Now(), isConfirmed: !e.OutcomeUnknown)).ConfigureAwait(false);
            throw;
        }

        try
        {
            await SaveAsync(_record!.Register(key.KeyId, options.Now())).ConfigureAwait(false);
            return key;
        }
        catch
        {
            await UndoAsync(key.KeyId).ConfigureAwait(false);
            throw;
        }
    }

    // Until delivery begins, whatever fails removes the new key and nothing else.
    private async Task<IssuedAccessKey> ProveAsync(GeneratedKeyPair pair, AccessKey key, DestinationContent held, CancellationToken cancellationToken)
    {
        IssuedAccessKey? issued = null;
        try
        {
            issued = new IssuedAccessKey(options.ClientId, key.KeyId, pair.ToAccessKey(options.ClientId, key.KeyId, options.AccountId), null) { PublicKey = pair.PublicKey, GenerationDate = key.GenerationDate };
            AccessKeyProof proof = await server.ProveAsync(issued.AccessKey!, options.Wait, cancellationToken).ConfigureAwait(false);
            if (proof.Works is not true)
                throw new RotationException(nameof(Messages.RotationKeyNotWorking), null, key.KeyId, options.ClientId, Math.Round(options.Wait.TotalSeconds), proof.Message);
            using DestinationContent now = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
            if (!now.IsSameAs(held))
                throw ContentChanged(now);
            await SaveAsync(_record!.BeginDelivery(options.Now())).ConfigureAwait(false);
            return issued;
        }
        catch
        {
            issued?.Dispose();
            await UndoAsync(key.KeyId).ConfigureAwait(false);
            throw;
        }
    }

    private async Task DeliverAsync(IssuedAccessKey key, DestinationContent held, CancellationToken cancellationToken)
    {
        IOException? failure = null;
        try
        {
            await destination.WriteAsync(key).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // The destination may hold either: its content decides.
            failure = e;
        }
        catch (OperationCanceledException)
        {
            // Stopped before it began, so nothing was written.
            await UndoAsync(key.KeyId).ConfigureAwait(false);
            throw;
        }

        bool isAsBefore;
        DestinationContent content;
        try
        {
            content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            throw Uncertain(key, failure ?? e);
        }

        using (content)
        {
            isAsBefore = failure is not null && destination.WritesAtOnce && content.IsSameAs(held);
            if (content.Holds(key.PublicKey))
            {
                AccessKeyProof proof = await server.ProveAsync(content.Text!, options.Wait, cancellationToken).ConfigureAwait(false);
                if (proof.Works is true)
                {
                    await SaveAsync(_record!.Deliver(options.Now())).ConfigureAwait(false);
                    return;
                }

                // Without a definite answer the next run proves it again: it worked before.
                if (proof.Works is null)
                    throw CopyNotWorking(content, proof);
                failure = new IOException(proof.Message);

                // The proof may have waited.
                using DestinationContent now = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
                if (!now.IsSameAs(content))
                    throw ContentChanged(now);
            }
            else if (content.Key is not null && !content.IsSameAs(held))
            {
                // Another machine has delivered its own key meanwhile.
                throw ContentChanged(content);
            }
        }

        failure ??= new IOException(Messages.SecretChanged);
        if (!isAsBefore && !await TryRestoreAsync(held).ConfigureAwait(false))
            throw Uncertain(key, failure);
        await UndoAsync(key.KeyId).ConfigureAwait(false);
        throw new RotationException(nameof(Messages.RotationUndone), failure, options.ClientId, destination.Place.Name, failure.Message);
    }

    private async Task<bool> TryRestoreAsync(DestinationContent held)
    {
        try
        {
            return await RestoreAsync(held).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            notify(nameof(Messages.RotationNotRestored), [destination.Place.Name, e.Message]);
            return false;
        }
    }

    // Writes even what is already there: whatever a failed write left on its way must not arrive later.
    private async Task<bool> RestoreAsync(DestinationContent held)
    {
        if (!held.IsEmpty)
        {
            using IssuedAccessKey before = held.ToIssuedKey(options.ClientId);
            await destination.WriteAsync(before).ConfigureAwait(false);
        }

        using DestinationContent now = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        return now.IsSameAs(held);
    }

    private RotationException Uncertain(IssuedAccessKey key, Exception failure) =>
        new(nameof(Messages.RotationDeliveryUncertain), failure, destination.Place.Name, key.KeyId, options.ClientId, failure.Message) { NewKey = key.Copy() };

    private async Task UndoAsync(string keyId)
    {
        try
        {
            await server.DeleteKeyAsync(options.ClientId, keyId, isUndo: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AuthressApiException e)
        {
            // The record keeps it, and the next run deletes it.
            notify(nameof(Messages.RotationNewKeyLeft), [keyId, options.ClientId, e.Message]);
            return;
        }

        await TrySaveAsync(_record!.Undo(options.Now(), isConfirmed: true)).ConfigureAwait(false);
    }
}
