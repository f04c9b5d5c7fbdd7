namespace Authress.Client;

/// <summary>
/// The ids that can't be the result of a creation whose outcome is unknown: those that creations over this connection
/// returned, and those that were candidates before the creation began. Keeps the latest. A listing leaves out what was
/// created after it began.
/// </summary>
internal sealed class RuledOutIds
{
    private const int Capacity = 10_000;

    private readonly object _gate = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The creations of clients whose ids are not known yet.</summary>
    public UnfinishedCreations Unfinished { get; } = new();

    /// <summary>Adds a client that a creation returned.</summary>
    public void AddCreated(string clientId) => Add(clientId, new Known(Since: long.MinValue, Created: Transport.ServerClock.Now));

    /// <summary>Adds a key that a creation returned. A key's id is unique only within its client.</summary>
    public void AddCreated(string clientId, string keyId) => AddCreated(KeyName(clientId, keyId));

    /// <summary>Adds a client that exists now. A creation that began earlier may have created it, a later one can't have.</summary>
    public void AddCandidate(string clientId) => Add(clientId, new Known(Since: Transport.ServerClock.Now, Created: long.MinValue));

    /// <inheritdoc cref="AddCandidate(string)" />
    public void AddCandidate(string clientId, string keyId) => AddCandidate(KeyName(clientId, keyId));

    /// <summary>Whether a client can't be the result of a creation that began at this moment.</summary>
    public bool Excludes(string clientId, long began)
    {
        lock (_gate)
            return _known.TryGetValue(clientId, out Known known) && known.Since < began;
    }

    /// <inheritdoc cref="Excludes(string, long)" />
    public bool Excludes(string clientId, string keyId, long began) => Excludes(KeyName(clientId, keyId), began);

    /// <summary>Whether a creation over this connection returned that client at that moment or later.</summary>
    public bool WasCreatedSince(string clientId, long moment)
    {
        lock (_gate)
            return _known.TryGetValue(clientId, out Known known) && known.Created >= moment;
    }

    /// <summary>Whether a creation over this connection returned that client.</summary>
    public bool WasCreated(string clientId) => WasCreatedSince(clientId, long.MinValue + 1);

    private void Add(string id, Known known)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(id, out Known before))
            {
                _known[id] = new Known(Math.Min(before.Since, known.Since), Math.Max(before.Created, known.Created));
                return;
            }

            _known.Add(id, known);
            _order.Enqueue(id);
            if (_order.Count > Capacity)
                _known.Remove(_order.Dequeue());
        }
    }

    // No id contains a line break.
    private static string KeyName(string clientId, string keyId) => clientId + "\n" + keyId;

    /// <summary>Since when an id has been known, and when its creation returned; <see cref="long.MinValue"/> for never.</summary>
    private readonly record struct Known(long Since, long Created);
}
