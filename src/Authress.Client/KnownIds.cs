namespace Authress.Client;

/// <summary>
/// What cannot have come of a creation with an unknown outcome: the ids that creations over this connection have returned,
/// and those that were offered as candidates before it began. The latest of them are kept.
/// </summary>
internal sealed class KnownIds
{
    private const int Remembered = 10_000;

    private readonly object _gate = new();
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers a client that a creation returned.</summary>
    public void Add(string clientId) => Remember(clientId, long.MinValue);

    /// <summary>Remembers a key, whose id is unique only within its client.</summary>
    public void Add(string clientId, string keyId) => Add(KeyName(clientId, keyId));

    /// <summary>Remembers that a client was there at this moment; what began earlier may have made it, what begins later can't.</summary>
    public void Offer(string clientId) => Remember(clientId, Transport.ServerClock.Now);

    /// <inheritdoc cref="Offer(string)" />
    public void Offer(string clientId, string keyId) => Offer(KeyName(clientId, keyId));

    /// <summary>Whether a client cannot have come of a creation that began at this moment.</summary>
    public bool Excludes(string clientId, long began)
    {
        lock (_gate)
            return _since.TryGetValue(clientId, out long since) && since < began;
    }

    /// <inheritdoc cref="Excludes(string, long)" />
    public bool Excludes(string clientId, string keyId, long began) => Excludes(KeyName(clientId, keyId), began);

    private void Remember(string id, long since)
    {
        lock (_gate)
        {
            if (_since.TryGetValue(id, out long before))
            {
                _since[id] = Math.Min(before, since);
                return;
            }

            _since.Add(id, since);
            _order.Enqueue(id);
            if (_order.Count > Remembered)
                _since.Remove(_order.Dequeue());
        }
    }

    // A line break is in no id.
    private static string KeyName(string clientId, string keyId) => clientId + "\n" + keyId;
}
