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

    /// <summary>The key to replace; null for none.</summary>
    /// <param name="held">What the destination holds.</param>
    /// <param name="heldKeyId">The id of the client's key that the destination holds; null if it holds none that exists.</param>
    /// <param name="earlier">The key that an earlier, incomplete rotation replaces; null for none.</param>
    /// <exception cref="RotationException">It can't be chosen.</exception>
    public string? Choose(DestinationContent held, string? heldKeyId, string? earlier)
    {
        if (options.KeyId is { } requested)
        {
            if (!Has(requested))
                throw new RotationException(nameof(Messages.RotationKeyMissing), null, requested, options.ClientId, List(keys));

            // The key that the destination holds, or that the rotation was to replace, would be left behind.
            if (heldKeyId is not null && heldKeyId != requested)
                throw new RotationException(nameof(Messages.RotationHoldsAnother), null, heldKeyId, options.ClientId, requested);
            if (heldKeyId is null && earlier is not null && earlier != requested && Has(earlier) && !options.Force)
                throw new RotationException(nameof(Messages.RotationReplacesAnother), null, options.ClientId, earlier, requested);
            return requested;
        }

        if (heldKeyId is not null)
            return heldKeyId;
        if (earlier is not null && Has(earlier))
            return earlier;

        // The held key was deleted: nothing is left to replace, and the client's other keys are somebody else's.
        if (held.IsKeyOf(options))
            return null;
        AccessKey[] candidates = [.. keys.Where(key => !IsAccountedFor(key.KeyId))];
        return candidates.Length < 2 ? candidates.FirstOrDefault()?.KeyId
            : throw new RotationException(nameof(Messages.RotationAmbiguous), null, options.ClientId, List(candidates));
    }

    /// <summary>Keys that another machine may be delivering.</summary>
    /// <param name="held">What the destination holds.</param>
    /// <param name="replaced">The key to replace.</param>
    public IEnumerable<AccessKey> FindFresh(DestinationContent held, string? replaced) => keys.Where(key =>
        key.KeyId != held.Key?.KeyId && key.KeyId != replaced && !IsAccountedFor(key.KeyId) && key.GenerationDate is { } made && options.Now() - made < FreshPeriod);

    /// <summary>Ids in a message.</summary>
    public static string List(IEnumerable<AccessKey> keys) => string.Join(", ", keys.Select(key => key.KeyId)) is { Length: > 0 } ids ? ids : Messages.None;

    private bool IsAccountedFor(string keyId) => options.IsOfOthers(keyId) || givenUp.Any(key => key.KeyId == keyId);

    private bool Has(string keyId) => keys.Any(key => key.KeyId == keyId);
}
