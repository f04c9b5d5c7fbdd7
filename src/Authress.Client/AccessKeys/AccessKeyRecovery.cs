using Authress.Client.Json;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>
/// Looks for the key that a request with an unknown outcome may have made. It looks several times: what is read may be
/// stale, and the request may be carried out later than its sender was told that it failed. Bounded in count and time.
/// </summary>
internal sealed class AccessKeyRecovery(ApiTransport transport, Invocation invocation, KnownIds told, TimeProvider time, string clientId)
{
    private static readonly double[] WaitsForOwn = [0, 0.25, 0.5, 1, 2, 4];
    private static readonly double[] WaitsForCandidates = [0, 0.5, 1.5];
    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(10);

    /// <summary>The key with this public key, wherever it shows: in the client, else in its public key set.</summary>
    /// <returns>The key, without secrets; null where it was not found, or the caller gave up.</returns>
    public async Task<IssuedAccessKey?> AdoptAsync(string publicKey, CancellationToken cancellationToken)
    {
        IssuedAccessKey? adopted = null;
        await LookAsync(
            WaitsForOwn,
            async (isLast, givingUp) =>
            {
                ServiceClientJson? client = await TryReadAsync(givingUp).ConfigureAwait(false);
                AccessKey? key = client?.ToModel(clientId).AccessKey?.FirstOrDefault(key => key.PublicKey is { } its && PublicKeyText.Same(its, publicKey));

                // Who may make keys need not be allowed to read the client; the public key set is open to all.
                if (key is null && (isLast || client is null))
                    key = await FindInPublicKeysAsync(publicKey, givingUp).ConfigureAwait(false);
                if (key is null)
                    return false;
                adopted = new IssuedAccessKey(clientId, key.KeyId, null, null) { PublicKey = key.PublicKey, GenerationDate = key.GenerationDate };
                told.Add(clientId, key.KeyId);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return adopted;
    }

    /// <summary>Fills in which of the client's keys are new by the server's clock since the request began, and were returned to nobody.</summary>
    /// <param name="unknown">The request's failure.</param>
    /// <param name="began">When it began, by <see cref="ServerClock.Now"/>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task FillAsync(AuthressApiException unknown, long began, CancellationToken cancellationToken) => LookAsync(
        WaitsForCandidates,
        async (_, givingUp) =>
        {
            AccessKeyList? keys = (await TryReadAsync(givingUp).ConfigureAwait(false))?.ToModel(clientId).AccessKey;
            if (keys is null || transport.Clock.At(began) - ServerClock.Margin is not { } since)
                return false;

            // What can't be dated is not offered for removal: it may be in use.
            unknown.Candidates = [.. keys.Where(key => key.GenerationDate >= since && !told.Excludes(clientId, key.KeyId, began))];
            foreach (AccessKey candidate in unknown.Candidates.Cast<AccessKey>())
                told.Offer(clientId, candidate.KeyId);
            unknown.CandidatesKnown = keys.All(key => key.GenerationDate is not null);
            return unknown.Candidates.Count > 0;
        },
        cancellationToken);

    // Looks until something is found, the looks or the time are used up, or the caller gives up: then the request's own
    // failure is still what is to be told.
    private async Task LookAsync(double[] waits, Func<bool, CancellationToken, Task<bool>> look, CancellationToken cancellationToken)
    {
        using CancellationTokenSource givingUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, invocation.Stopping);
        givingUp.CancelAfter(MaximumTime);
        try
        {
            for (int i = 0; i < waits.Length; i++)
            {
                if (waits[i] > 0)
                    await time.WaitAsync(TimeSpan.FromSeconds(waits[i]), givingUp.Token).ConfigureAwait(false);
                givingUp.Token.ThrowIfCancellationRequested();
                if (await look(i == waits.Length - 1, givingUp.Token).ConfigureAwait(false))
                    return;
            }
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested)
        {
            // Not found is what the caller makes of it.
        }
    }

    private async Task<AccessKey?> FindInPublicKeysAsync(string publicKey, CancellationToken givingUp)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.PublicKeys(clientId), RequiredPermission: null) { IsAnonymous = true, SkipRetries = true };
        try
        {
            ApiResponse<JsonWebKeySetJson> answer = await transport.SendAsync(request, AuthressJsonContext.Default.JsonWebKeySetJson, invocation, givingUp).ConfigureAwait(false);
            JsonWebKeyJson? found = answer.Value!.Keys?.FirstOrDefault(key => key is { Kid.Length: > 0, X: { } bytes } && PublicKeyText.Same(bytes, publicKey));
            return found is null ? null : new AccessKey(clientId, found.Kid!) { PublicKey = publicKey };
        }
        catch (AuthressApiException)
        {
            // A look that fails has found nothing; there may be another.
            return null;
        }
    }

    private async Task<ServiceClientJson?> TryReadAsync(CancellationToken givingUp)
    {
        try
        {
            ApiRequest request = Routes.Retrieve(clientId) with { SkipRetries = true };
            ApiResponse<ServiceClientJson> answer = await transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, invocation, givingUp).ConfigureAwait(false);
            return answer.Value!.ClientId == clientId ? answer.Value : null;
        }
        catch (AuthressApiException)
        {
            // As above.
            return null;
        }
    }
}
