using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.AccessKeys;

/// <summary>
/// The changes that a client's public key set does not show yet, if the set lags behind the requests that create and delete
/// keys.
/// </summary>
/// <param name="lag">How long a change stays hidden.</param>
/// <param name="clock">The emulator's clock.</param>
internal sealed class KeySetLag(TimeSpan lag, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<Change> _changes = [];

    private sealed record Change(string ClientId, VerificationKey Key, bool IsAdded, DateTimeOffset Shows);

    public void Added(string clientId, VerificationKey key) => Add(clientId, key, isAdded: true);

    public void Removed(string clientId, VerificationKey key) => Add(clientId, key, isAdded: false);

    /// <summary>The keys that the client's set shows now.</summary>
    public IReadOnlyList<VerificationKey> Of(ServiceClient client)
    {
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            _changes.RemoveAll(change => change.Shows <= now);
            List<VerificationKey> keys = [.. client.Keys];
            // Undone from the last to the first, so that a key that was created and deleted within the lag is not shown.
            foreach (Change change in _changes.Where(change => change.ClientId == client.ClientId).Reverse())
            {
                if (change.IsAdded)
                    keys.RemoveAll(key => key.KeyId == change.Key.KeyId);
                else
                    keys.Add(change.Key);
            }

            return keys;
        }
    }

    public void Clear()
    {
        lock (_gate)
            _changes.Clear();
    }

    private void Add(string clientId, VerificationKey key, bool isAdded)
    {
        if (lag <= TimeSpan.Zero)
            return;
        lock (_gate)
            _changes.Add(new(clientId, key, isAdded, clock.GetUtcNow() + lag));
    }
}
