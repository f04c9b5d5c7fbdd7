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
public sealed class RotationRun(IRotationServer server, IRotationDestination destination, IRotationJournal journal, RotationOptions options, Action<string, object?[]> notify)
{
    private const int MaximumKeys = 5;
    private const int TooManyRequests = 429;

    private Rotation? _record;

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
        _record = await journal.ReadAsync().ConfigureAwait(false);
        ThrowIfNeedsAttention();
        IReadOnlyList<AccessKey> keys = await server.ListKeysAsync(options.ClientId, cancellationToken).ConfigureAwait(false);
        if (_record is { IsDelivered: true } && keys.Any(key => key.KeyId == _record.NewKeyId))
        {
            await RemoveLeftoversAsync(keys, confirm, cancellationToken).ConfigureAwait(false);
            return _record;
        }

        bool isConfirmed = false;
        if (_record is { Step: RotationStep.Announced or RotationStep.Registered or RotationStep.Delivering })
        {
            if (!await confirm(new RotationPlan(RotationChange.Continue, options.ClientId, _record.ReplacedKeyId)).ConfigureAwait(false))
                return _record;
            isConfirmed = true;
            keys = await ContinueAsync(_record, keys, cancellationToken).ConfigureAwait(false);
            if (_record.IsDelivered)
                return _record;
        }

        return await BeginAsync(keys, isConfirmed ? _ => Task.FromResult(true) : confirm, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Deletes the replaced key, once the overlap has passed and the delivered key is proved again.</summary>
    /// <param name="confirm">Asks before a change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rotation, whether or not it is completed.</returns>
    /// <inheritdoc cref="StartAsync" path="exception" />
    public Task<Rotation?> CompleteAsync(Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken) => RecordFailureAsync<Rotation?>(async () =>
    {
        _record = await journal.ReadAsync().ConfigureAwait(false);
        ThrowIfNeedsAttention();
        if (_record is { Step: RotationStep.Completed } && options.KeyId is null)
            return _record;
        IReadOnlyList<AccessKey> keys = await server.ListKeysAsync(options.ClientId, cancellationToken).ConfigureAwait(false);
        if (_record is null or { Step: RotationStep.Completed })
            _record = await DeriveAsync(keys, options.KeyId ?? throw new RotationException(nameof(Messages.RotationRecordMissing), null, options.ClientId, RotationChoice.List(keys))).ConfigureAwait(false);
        if (!_record.IsDelivered)
            throw new RotationException(nameof(Messages.RotationNotDelivered), null, options.ClientId);
        if (_record.ReplacedKeyId is { } own && own == options.OwnKeyId)
            throw new RotationException(nameof(Messages.RotationOwnKey), null, own, options.ClientId);
        if (!options.Force && options.Now() < _record.DueTime)
        {
            notify(nameof(Messages.RotationNotDue), [options.ClientId, _record.DueTime?.ToLocalTime()]);
            return _record;
        }

        if (!await confirm(new RotationPlan(RotationChange.Retire, options.ClientId, _record.ReplacedKeyId)).ConfigureAwait(false))
            return _record;
        await RetireAsync(keys, cancellationToken).ConfigureAwait(false);
        return _record;
    });

    /// <summary>What destination and server alone show: the key that the destination holds, and the one that it replaced.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rotation; null if the destination holds no key of the client, or no other key is older.</returns>
    /// <exception cref="AuthressApiException">A request failed.</exception>
    /// <exception cref="IOException">The destination can't be read.</exception>
    public async Task<Rotation?> InspectAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<AccessKey> keys = await server.ListKeysAsync(options.ClientId, cancellationToken).ConfigureAwait(false);
        using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        return Derive(held, keys);
    }

    private async Task<T> RecordFailureAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (_record is { Step: not RotationStep.Completed, NeedsAttention: false } && e is AuthressApiException or IOException or RotationException)
        {
            await SaveFailureAsync(_record!.Fail(e.Message, Counts(e))).ConfigureAwait(false);
            if (_record is { NeedsAttention: true } && e is not RotationException { NewKey: not null })
                throw NeedsAttention(e);
            throw;
        }
    }

    // The failure itself is what matters to the caller.
    private async Task SaveFailureAsync(Rotation failed)
    {
        try
        {
            await SaveAsync(failed).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            notify(nameof(Messages.RotationNotSaved), [options.ClientId, e.Message]);
        }
    }

    // A limit is no fault of the rotation.
    private static bool Counts(Exception failure) => failure is not AuthressApiException { StatusCode: TooManyRequests };

    private void ThrowIfNeedsAttention()
    {
        if (_record is { NeedsAttention: true } && !options.Force)
            throw NeedsAttention(null);
    }

    private RotationException NeedsAttention(Exception? cause) =>
        new(nameof(Messages.RotationNeedsAttention), cause, options.ClientId, _record!.FailedAttempts, _record.LastError);

    private async Task<Rotation?> BeginAsync(IReadOnlyList<AccessKey> keys, Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        RotationChoice choice = new(options, keys);
        string? replaced = choice.Choose(held, _record is { Step: RotationStep.Completed } ? null : _record?.ReplacedKeyId);
        AccessKey? heldKey = held.FindIn(keys, options.ClientId);
        if (heldKey is not null && !IsDue(heldKey))
            return null;
        if (_record is null && !journal.Lasts && !options.Force && Derive(held, keys) is { DueTime: { } due } underWay && options.Now() < due)
            return underWay;
        foreach (AccessKey fresh in choice.FindFresh(held, replaced))
            notify(nameof(Messages.RotationFreshKey), [options.ClientId, fresh.KeyId, fresh.GenerationDate?.ToLocalTime()]);
        if (!await confirm(new RotationPlan(RotationChange.Begin, options.ClientId, replaced)).ConfigureAwait(false))
            return null;
        keys = await RemoveLeftoversAsync(keys, _ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        if (keys.Count >= MaximumKeys)
            throw new RotationException(nameof(Messages.RotationNoRoom), null, options.ClientId, RotationChoice.List(keys));
        await destination.PrepareAsync().ConfigureAwait(false);
        Rotation rotation = Plan(held, replaced);
        GeneratedKeyPair pair = GeneratedKeyPair.Generate();
        await SaveAsync(rotation.Announce(pair.PublicKey, options.Now())).ConfigureAwait(false);
        AccessKey key = await RegisterAsync(pair.PublicKey, cancellationToken).ConfigureAwait(false);
        using IssuedAccessKey issued = await ProveAsync(pair, key, held, cancellationToken).ConfigureAwait(false);
        await DeliverAsync(issued, held, keys, cancellationToken).ConfigureAwait(false);
        return _record;
    }

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
        Overlap = options.Overlap,
        HeldKeyId = held.Key?.KeyId,
        ReplacedKeyId = replaced,
        Unconfirmed = _record?.Unconfirmed ?? [],
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
            await SaveAsync(_record!.Undo(options.Now(), isConfirmed: !e.OutcomeUnknown)).ConfigureAwait(false);
            throw;
        }

        try
        {
            await SaveAsync(_record!.Register(key.KeyId, options.Now())).ConfigureAwait(false);
            return key;
        }
        catch (IOException)
        {
            await DeleteNewKeyAsync(key.KeyId).ConfigureAwait(false);
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
                throw new RotationException(nameof(Messages.RotationContentChanged), null, options.ClientId, now.Key?.KeyId ?? Messages.None);
            await SaveAsync(_record!.BeginDelivery(options.Now())).ConfigureAwait(false);
            return issued;
        }
        catch
        {
            issued?.Dispose();
            await UndoAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task DeliverAsync(IssuedAccessKey key, DestinationContent held, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
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

        DestinationContent content;
        try
        {
            content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw Uncertain(key, failure ?? e);
        }

        using (content)
        {
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
                    throw new RotationException(nameof(Messages.RotationCopyNotWorking), null, key.KeyId, options.ClientId, proof.Message);
                failure = new IOException(proof.Message);
            }
            else if (!content.IsSameAs(held) && content.FindIn(keys, options.ClientId) is null && content.FindIn(await server.ListKeysAsync(options.ClientId, cancellationToken).ConfigureAwait(false), options.ClientId) is { } other)
            {
                // Another machine has delivered its own key meanwhile.
                throw new RotationException(nameof(Messages.RotationContentChanged), null, options.ClientId, other.KeyId);
            }
        }

        await RestoreAsync(key, held, failure ?? new IOException(Messages.SecretChanged)).ConfigureAwait(false);
    }

    // Writes even what is already there: whatever the failed write left on its way must not arrive later.
    private async Task RestoreAsync(IssuedAccessKey key, DestinationContent held, IOException failure)
    {
        if (!await TryRestoreAsync(held).ConfigureAwait(false))
            throw Uncertain(key, failure);
        await UndoAsync().ConfigureAwait(false);
        throw new RotationException(nameof(Messages.RotationUndone), failure, options.ClientId, destination.Place.Name, failure.Message);
    }

    private async Task<bool> TryRestoreAsync(DestinationContent held)
    {
        try
        {
            if (!held.IsEmpty)
            {
                using IssuedAccessKey before = held.ToIssuedKey(options.ClientId);
                await destination.WriteAsync(before).ConfigureAwait(false);
            }

            using DestinationContent now = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
            return now.IsSameAs(held);
        }
        catch (IOException e)
        {
            notify(nameof(Messages.RotationNotRestored), [destination.Place.Name, e.Message]);
            return false;
        }
    }

    private RotationException Uncertain(IssuedAccessKey key, IOException failure) =>
        new(nameof(Messages.RotationDeliveryUncertain), failure, destination.Place.Name, key.KeyId, options.ClientId, failure.Message) { NewKey = key.Copy() };

    // What an earlier run left. Its private half died with it, unless the destination holds it.
    private async Task<IReadOnlyList<AccessKey>> ContinueAsync(Rotation record, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        AccessKey? left = keys.FirstOrDefault(key => key.KeyId == record.NewKeyId || (key.PublicKey is { } text && PublicKeyText.Same(text, record.PublicKey)));
        if (record.Step == RotationStep.Delivering)
        {
            using DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
            if (content.Holds(record.PublicKey) && left is not null)
            {
                AccessKeyProof proof = await server.ProveAsync(content.Text!, options.Wait, cancellationToken).ConfigureAwait(false);
                if (proof.Works is not true)
                    throw new RotationException(nameof(Messages.RotationCopyNotWorking), null, left.KeyId, options.ClientId, proof.Message);
                await SaveAsync(record.Deliver(options.Now())).ConfigureAwait(false);
                return keys;
            }

            bool isUnchanged = content.IsEmpty ? record.HeldKeyId is null : record.HeldKeyId is not null && content.Key?.KeyId == record.HeldKeyId;
            if (isUnchanged ? !await TryRestoreAsync(content).ConfigureAwait(false) : !content.Holds(record.PublicKey) && !options.Force)
                throw new RotationException(nameof(Messages.RotationContentChanged), null, options.ClientId, content.Key?.KeyId ?? Messages.None);
        }

        string? keyId = left?.KeyId ?? record.NewKeyId;
        if (keyId is not null)
        {
            await server.DeleteKeyAsync(options.ClientId, keyId, isUndo: false, cancellationToken).ConfigureAwait(false);
            notify(nameof(Messages.RotationLeftoverRemoved), [keyId, options.ClientId]);
        }

        await SaveAsync(record.Undo(options.Now(), isConfirmed: keyId is not null)).ConfigureAwait(false);
        return [.. keys.Where(key => key.KeyId != keyId)];
    }

    private async Task<IReadOnlyList<AccessKey>> RemoveLeftoversAsync(IReadOnlyList<AccessKey> keys, Func<RotationPlan, Task<bool>> confirm, CancellationToken cancellationToken)
    {
        if (_record is not { Unconfirmed.Count: > 0 } record)
            return keys;
        List<AccessKey> removed = [];
        foreach (AccessKey key in keys.Where(key => record.Unconfirmed.Any(lost => PublicKeyText.Same(lost.PublicKey, key.PublicKey))))
        {
            if (!await confirm(new RotationPlan(RotationChange.RemoveLeftover, options.ClientId, key.KeyId)).ConfigureAwait(false))
                return keys;
            await server.DeleteKeyAsync(options.ClientId, key.KeyId, isUndo: false, cancellationToken).ConfigureAwait(false);
            notify(nameof(Messages.RotationLeftoverRemoved), [key.KeyId, options.ClientId]);
            removed.Add(key);
        }

        Rotation confirmed = record.Confirm([.. removed.Select(key => PublicKeyText.ToDer(key.PublicKey!))], options.Now());
        if (confirmed.Unconfirmed.Count < record.Unconfirmed.Count)
            await SaveAsync(confirmed).ConfigureAwait(false);
        return [.. keys.Except(removed)];
    }

    private async Task RetireAsync(IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        using (DestinationContent content = await DestinationContent.ReadAsync(destination).ConfigureAwait(false))
        {
            if (content.Key is not { } key || key.KeyId != _record!.NewKeyId || (_record.PublicKey is not null && !content.Holds(_record.PublicKey)))
                throw new RotationException(nameof(Messages.RotationContentChanged), null, options.ClientId, content.Key?.KeyId ?? Messages.None);
            AccessKeyProof proof = await server.ProveAsync(content.Text!, options.Wait, cancellationToken).ConfigureAwait(false);
            if (proof.Works is not true)
                throw new RotationException(nameof(Messages.RotationCopyNotWorking), null, key.KeyId, options.ClientId, proof.Message);
        }

        await RemoveLeftoversAsync(keys, _ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        if (_record!.Step == RotationStep.Delivered)
            await SaveAsync(_record.BeginRetiring(options.Now())).ConfigureAwait(false);
        if (_record.ReplacedKeyId is { } replaced)
        {
            await server.DeleteKeyAsync(options.ClientId, replaced, isUndo: false, cancellationToken).ConfigureAwait(false);
            if (!await server.IsGoneAsync(options.ClientId, replaced, cancellationToken).ConfigureAwait(false))
                throw new RotationException(nameof(Messages.RotationNotRetired), null, replaced, options.ClientId);
        }

        await SaveAsync(_record.Complete(options.Now())).ConfigureAwait(false);
    }

    private async Task<Rotation> DeriveAsync(IReadOnlyList<AccessKey> keys, string replaced)
    {
        using DestinationContent held = await DestinationContent.ReadAsync(destination).ConfigureAwait(false);
        if (held.FindIn(keys, options.ClientId) is not { } key || key.KeyId == replaced)
            throw new RotationException(nameof(Messages.RotationContentChanged), null, options.ClientId, held.Key?.KeyId ?? Messages.None);
        return Derived(key, replaced);
    }

    private Rotation? Derive(DestinationContent held, IReadOnlyList<AccessKey> keys)
    {
        if (held.FindIn(keys, options.ClientId) is not { GenerationDate: { } made } key)
            return null;
        AccessKey[] older = [.. keys.Where(other => other.KeyId != key.KeyId && other.GenerationDate <= made && !options.KeysOfOthers.Contains(other.KeyId))];
        string? replaced = options.KeyId ?? (older.Length == 1 ? older[0].KeyId : null);
        return replaced is null ? null : Derived(key, replaced);
    }

    private Rotation Derived(AccessKey held, string replaced)
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
            Overlap = options.Overlap,
            Step = RotationStep.Delivered,
            NewKeyId = held.KeyId,
            ReplacedKeyId = replaced,
            DueTime = made + options.Overlap,
        };
    }

    private async Task UndoAsync()
    {
        if (await DeleteNewKeyAsync(_record!.NewKeyId!).ConfigureAwait(false))
            await SaveAsync(_record.Undo(options.Now(), isConfirmed: true)).ConfigureAwait(false);
    }

    private async Task<bool> DeleteNewKeyAsync(string keyId)
    {
        try
        {
            await server.DeleteKeyAsync(options.ClientId, keyId, isUndo: true, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (AuthressApiException e)
        {
            // The record keeps it, and the next run deletes it.
            notify(nameof(Messages.RotationNewKeyLeft), [keyId, options.ClientId, e.Message]);
            return false;
        }
    }

    private async Task SaveAsync(Rotation next)
    {
        await journal.WriteAsync(next).ConfigureAwait(false);
        _record = next;
    }
}
