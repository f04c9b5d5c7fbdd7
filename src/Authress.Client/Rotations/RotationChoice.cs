namespace Authress.Client.Rotations;

/// <summary>
/// Chooses the one key that a rotation replaces: the requested one, else the one that the destination holds, else the client's
/// only other key. A client may hold keys of other deployments, so nothing is guessed.
/// </summary>
/// <param name="options">What is requested.</param>
/// <param name="keys">The client's keys.</param>
/// <param name="givenUp">Those that earlier rotations of the destination gave up.</param>
internal sealed class RotationChoice(RotationOptions options, IReadOnlyList<AccessKey> keys, IReadOnlyList<GivenUpKey> givenUp)
{
    /// <summary>A key that was made so recently may be another machine's rotation in progress.</summary>
    public static readonly TimeSpan FreshPeriod = TimeSpan.FromMinutes(15);

    /// <summary>Refuses to replace what is not the client's.</summary>
    /// <param name="held">What the destination holds.</param>
    /// <exception cref="RotationException">It holds something else, and -Force is not given.</exception>
    public void ThrowIfForeign(DestinationContent held)
    {
        if (held.IsEmpty || held.IsKeyOf(options) || options.Force)
            return;
        throw held.Key is not { } key
            ? new RotationException(nameof(Messages.RotationForeignContent), null, options.ClientId)
            : new RotationException(nameof(Messages.RotationOtherClient), null, key.ClientId, key.AccountId ?? options.AccountId, options.ClientId);
    }

    /// <summary>Chooses the key to replace, if it is requested, held by the destination, or chosen already.</summary>
    /// <param name="held">What the destination holds.</param>
    /// <param name="heldKeyId">The id of the client's key that the destination holds; null if it holds none that exists.</param>
    /// <param name="record">The destination's record; null for none.</param>
    /// <param name="replaced">The key; null for none.</param>
    /// <returns>Whether it is chosen.</returns>
    /// <exception cref="RotationException">The requested key can't be it.</exception>
    public bool TryChoose(DestinationContent held, string? heldKeyId, Rotation? record, out string? replaced)
    {
        bool isBegun = record is { Step: RotationStep.Planned };
        string? begun = isBegun && record!.ReplacedKeyId is { } chosen && Has(chosen) ? chosen : null;
        if (options.KeyId is { } requested)
        {
            if (!Has(requested))
                throw new RotationException(nameof(Messages.RotationKeyMissing), null, requested, options.ClientId, List(keys));

            // The key that the destination holds, or that the rotation was to replace, would be left behind.
            if (heldKeyId is not null && heldKeyId != requested)
                throw new RotationException(nameof(Messages.RotationHoldsAnother), null, heldKeyId, options.ClientId, requested);
            if (heldKeyId is null && begun is not null && begun != requested && !options.Force)
                throw new RotationException(nameof(Messages.RotationReplacesAnother), null, options.ClientId, begun, requested);
        }

        // What was chosen stays chosen, none as well. Nor is anything left to replace if the key that the destination holds is gone.
        replaced = options.KeyId ?? heldKeyId ?? begun;
        return replaced is not null || isBegun || held.IsKeyOf(options);
    }

    /// <summary>The client's keys that no rotation accounts for.</summary>
    public IEnumerable<AccessKey> FindCandidates() => keys.Where(key => !IsAccountedFor(key.KeyId));

    /// <summary>The key to replace, if it is the only candidate; null if there is none.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <exception cref="RotationException">There are several, or somebody has just made it.</exception>
    public string? ChooseOnly(IReadOnlyList<AccessKey> candidates) => candidates switch
    {
        [] => null,
        [{ } only] when IsFresh(only) => throw new RotationException(nameof(Messages.RotationOnlyKeyFresh), null, options.ClientId, only.KeyId, only.GenerationDate),
        [{ } only] => only.KeyId,
        _ => throw new RotationException(nameof(Messages.RotationAmbiguous), null, options.ClientId, List(candidates)),
    };

    /// <summary>Keys that another machine may be delivering.</summary>
    /// <param name="held">What the destination holds.</param>
    /// <param name="replaced">The key to replace.</param>
    public IEnumerable<AccessKey> FindFresh(DestinationContent held, string? replaced) => keys.Where(key =>
        key.KeyId != held.Key?.KeyId && key.KeyId != replaced && !IsAccountedFor(key.KeyId) && IsFresh(key));

    /// <summary>Ids in a message.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="marked">Those that were given up, which are marked; null for none.</param>
    public static string List(IEnumerable<AccessKey> keys, IReadOnlyList<GivenUpKey>? marked = null)
    {
        IEnumerable<string> ids = keys.Select(key => marked?.Any(givenUp => givenUp.KeyId == key.KeyId) == true ? InvariantText.Format(Messages.GivenUpKeyId, key.KeyId) : key.KeyId);
        return string.Join(", ", ids) is { Length: > 0 } list ? list : Messages.None;
    }

    private bool IsFresh(AccessKey key) => key.GenerationDate is { } made && options.Now() - made < FreshPeriod;

    private bool IsAccountedFor(string keyId) => options.IsOfOthers(keyId) || givenUp.Any(key => key.KeyId == keyId);

    private bool Has(string keyId) => keys.Any(key => key.KeyId == keyId);
}
