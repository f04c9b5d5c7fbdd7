using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>
/// Looks for the key that a creation with an unknown outcome may have made. Polls a few times, because reads may be stale and
/// the server may act after the client saw a failure. Bounded in count and time.
/// </summary>
internal sealed class AccessKeyRecovery(ApiTransport transport, Invocation invocation, RuledOutIds ruledOutIds, TimeProvider time, string clientId)
{
    // Seconds before each poll.
    private static readonly double[] WaitsForPublicKey = [0, 0.25, 0.5, 1, 2, 4];
    private static readonly double[] WaitsForCandidates = [0, 0.5, 1.5];
    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(10);

    private readonly ServiceClientReader _reader = new(transport, invocation);
    private readonly PublicKeySetReader _keySet = new(transport, invocation);

    /// <summary>Finds the key with this public key, in the client or else in its public key set.</summary>
    /// <returns>The key, without secrets; null if it wasn't found or the caller cancelled.</returns>
    public async Task<IssuedAccessKey?> FindAsync(string publicKey, CancellationToken cancellationToken)
    {
        IssuedAccessKey? found = null;
        await PollAsync(
            WaitsForPublicKey,
            async (isLast, cancellation) =>
            {
                ServiceClientJson? client = await TryReadAsync(cancellation).ConfigureAwait(false);
                AccessKeyList? keys = client?.ToModel(clientId).AccessKey;
                AccessKey? key = keys?.FirstOrDefault(key => key.PublicKey is { } text && PublicKeyText.Same(text, publicKey));

                // The permission to create keys doesn't include reading the client. The public key set needs none, and has
                // the keys of which the client shows no bytes.
                if (key is null && (isLast || keys is null || keys.Any(key => PublicKeyText.TryToDer(key.PublicKey) is null)))
                    key = (await _keySet.TryReadAsync(clientId, null, cancellation).ConfigureAwait(false))?.FirstOrDefault(key => key.PublicKey == publicKey);
                if (key is null)
                    return false;
                found = new IssuedAccessKey(clientId, key.KeyId, null, null) { PublicKey = publicKey, GenerationDate = key.GenerationDate };
                ruledOutIds.AddCreated(clientId, key.KeyId);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Sets the exception's candidates: the client's keys that are new, by the server's clock, since the request began, and that no creation returned.</summary>
    /// <param name="unknown">The request's failure.</param>
    /// <param name="began">When the request began, by <see cref="ServerClock.Now"/>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task FindCandidatesAsync(AuthressApiException unknown, long began, CancellationToken cancellationToken) => PollAsync(
        WaitsForCandidates,
        async (_, cancellation) =>
        {
            AccessKeyList? keys = (await TryReadAsync(cancellation).ConfigureAwait(false))?.ToModel(clientId).AccessKey;
            if (keys is null || transport.Clock.At(began) - ServerClock.Margin is not { } since)
                return false;

            // A key without a date isn't offered for removal: it may be in use.
            unknown.Candidates = [.. keys.Where(key => key.GenerationDate >= since && !ruledOutIds.Excludes(clientId, key.KeyId, began))];
            foreach (AccessKey candidate in unknown.Candidates.Cast<AccessKey>())
                ruledOutIds.AddCandidate(clientId, candidate.KeyId);
            unknown.CandidatesKnown = keys.All(key => key.GenerationDate is not null);
            return unknown.Candidates.Count > 0;
        },
        cancellationToken);

    // Cancellation ends the search without an exception: the caller reports the creation's failure.
    private async Task PollAsync(double[] waits, Func<bool, CancellationToken, Task<bool>> poll, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, invocation.Stopping);
        stopped.CancelAfter(MaximumTime);
        try
        {
            for (int i = 0; i < waits.Length; i++)
            {
                if (waits[i] > 0)
                    await Pause.ForAsync(time, TimeSpan.FromSeconds(waits[i]), stopped.Token).ConfigureAwait(false);
                stopped.Token.ThrowIfCancellationRequested();
                if (await poll(i == waits.Length - 1, stopped.Token).ConfigureAwait(false))
                    return;
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
        }
    }

    private async Task<ServiceClientJson?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            ApiRequest request = ServiceClientReader.Request(clientId) with { SkipRetries = true };
            return (await _reader.ReadAsync(clientId, request, cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (AuthressApiException)
        {
            return null;
        }
    }
}
