namespace Authress.Client;

/// <summary>
/// The ids that can't be the result of a creation whose outcome is unknown: those that creations over this connection
/// returned, and those that were candidates before the creation began. Keeps the latest.
/// </summary>
internal sealed class RuledOutIds
{
    private const int Capacity = 10_000;

    private readonly object _gate = new();
    private readonly Dictionary<string, long> _knownSince = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Adds a client that a creation returned.</summary>
    public void AddCreated(string clientId) => Add(clientId, long.MinValue);

    /// <summary>Adds a key that a creation returned. A key's id is unique only within its client.</summary>
    public void AddCreated(string clientId, string keyId) => AddCreated(KeyName(clientId, keyId));

    /// <summary>Adds a client that exists now. A creation that began earlier may have created it, a later one can't have.</summary>
    public void AddCandidate(string clientId) => Add(clientId, Transport.ServerClock.Now);

    /// <inheritdoc cref="AddCandidate(string)" />
    public void AddCandidate(string clientId, string keyId) => AddCandidate(KeyName(clientId, keyId));

    /// <summary>Whether a client can't be the result of a creation that began at this moment.</summary>
    public bool Excludes(string clientId, long began)
    {
        lock (_gate)
            return _knownSince.TryGetValue(clientId, out long since) && since < began;
    }

    /// <inheritdoc cref="Excludes(string, long)" />
    public bool Excludes(string clientId, string keyId, long began) => Excludes(KeyName(clientId, keyId), began);

    private void Add(string id, long since)
    {
        lock (_gate)
        {
            if (_knownSince.TryGetValue(id, out long before))
            {
                _knownSince[id] = Math.Min(before, since);
                return;
            }

            _knownSince.Add(id, since);
            _order.Enqueue(id);
            if (_order.Count > Capacity)
                _knownSince.Remove(_order.Dequeue());
        }
    }

    // No id contains a line break.
    private static string KeyName(string clientId, string keyId) => clientId + "\n" + keyId;
}
