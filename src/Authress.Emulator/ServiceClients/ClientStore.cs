using System.Collections.Immutable;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.ServiceClients;

/// <summary>
/// All service clients of the account, in the order of their creation. Every operation is atomic, and what it
/// returns is immutable.
/// </summary>
internal sealed class ClientStore
{
    /// <summary>Authress allows five active keys a client.</summary>
    public const int MostKeysPerClient = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly SortedSet<Entry> _inOrder = new(Comparer<Entry>.Create((a, b) => a.Sequence.CompareTo(b.Sequence)));
    private readonly Entry _last = new(long.MaxValue);
    private long _lastSequence;
    private long _version;

    private sealed class Entry(long sequence)
    {
        public long Sequence { get; } = sequence;

        public ServiceClient Current { get; set; } = null!;

        /// <summary>The state before the last change, for a stale read; null if the last change created the client.</summary>
        public ServiceClient? Previous { get; set; }
    }

    /// <summary>Grows with every change, so that a writer knows whether its copy is current.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    public ServiceClient? Find(string clientId)
    {
        lock (_gate)
            return _byId.GetValueOrDefault(clientId)?.Current;
    }

    public ServiceClient? FindStale(string clientId)
    {
        lock (_gate)
            return _byId.GetValueOrDefault(clientId)?.Previous;
    }

    public ServiceClient Add(string clientId, DateTimeOffset createdTime, ClientDocument document, params ImmutableArray<VerificationKey> keys)
    {
        lock (_gate)
        {
            ServiceClient client = new(clientId, _lastSequence + 1, createdTime, document, keys);
            Insert(client);
            return client;
        }
    }

    public ServiceClient? Update(string clientId, ClientDocument document)
    {
        lock (_gate)
            return _byId.TryGetValue(clientId, out Entry? entry) ? Replace(entry, entry.Current with { Document = document }) : null;
    }

    public bool Remove(string clientId)
    {
        lock (_gate)
        {
            if (!_byId.Remove(clientId, out Entry? entry))
                return false;
            _inOrder.Remove(entry);
            _version++;
            return true;
        }
    }

    /// <param name="clientId">The client.</param>
    /// <param name="key">The key.</param>
    /// <param name="beyondTheLimit">Whether the limit on keys does not apply: for the administrator's own key.</param>
    public KeyAddition AddKey(string clientId, VerificationKey key, bool beyondTheLimit = false)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(clientId, out Entry? entry))
                return KeyAddition.NoSuchClient;
            ImmutableArray<VerificationKey> keys = entry.Current.Keys;
            if (keys.Any(existing => existing.PublicKey == key.PublicKey))
                return KeyAddition.DuplicatePublicKey;
            if (keys.Length >= MostKeysPerClient && !beyondTheLimit)
                return KeyAddition.TooManyKeys;
            if (keys.Any(existing => existing.KeyId == key.KeyId))
                return KeyAddition.DuplicateKeyId;
            Replace(entry, entry.Current with { Keys = keys.Add(key) });
            return KeyAddition.Added;
        }
    }

    /// <summary>The key that was removed, or null where there is none.</summary>
    public VerificationKey? RemoveKey(string clientId, string keyId)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(clientId, out Entry? entry) || entry.Current.FindKey(keyId) is not { } key)
                return null;
            Replace(entry, entry.Current with { Keys = entry.Current.Keys.Remove(key) });
            return key;
        }
    }

    /// <summary>
    /// The clients after a position in the order of creation. The client at that position may have been deleted, so a listing
    /// stays correct if the last client of the previous page was deleted.
    /// </summary>
    public ClientPage Page(long afterSequence, int limit)
    {
        lock (_gate)
        {
            List<ServiceClient> clients = new(limit);
            foreach (Entry entry in _inOrder.GetViewBetween(new Entry(afterSequence + 1), _last))
            {
                if (clients.Count == limit)
                    return new(clients, clients[^1].Sequence);
                clients.Add(entry.Current);
            }

            return new(clients, null);
        }
    }

    public StoreSnapshot Snapshot()
    {
        lock (_gate)
            return new(_version, _lastSequence, [.. _inOrder.Select(entry => entry.Current)]);
    }

    /// <summary>Resets one client to its first state and removes all others.</summary>
    public void ResetTo(string clientId, DateTimeOffset createdTime, ClientDocument document, VerificationKey key)
    {
        lock (_gate)
        {
            _byId.Clear();
            _inOrder.Clear();
            Add(clientId, createdTime, document, key);
        }
    }

    /// <summary>Replaces all clients with these.</summary>
    public void ReplaceAll(long sequence, IEnumerable<ServiceClient> clients)
    {
        lock (_gate)
        {
            _byId.Clear();
            _inOrder.Clear();
            _version++;
            foreach (ServiceClient client in clients)
                Insert(client);
            _lastSequence = Math.Max(_lastSequence, sequence);
        }
    }

    private void Insert(ServiceClient client)
    {
        Entry entry = new(client.Sequence) { Current = client };
        _byId.Add(client.ClientId, entry);
        _inOrder.Add(entry);
        _lastSequence = Math.Max(_lastSequence, client.Sequence);
        _version++;
    }

    private ServiceClient Replace(Entry entry, ServiceClient client)
    {
        entry.Previous = entry.Current;
        entry.Current = client;
        _version++;
        return client;
    }
}

/// <summary>One page of the listing, and the position of the next one; null on the last.</summary>
internal sealed record ClientPage(IReadOnlyList<ServiceClient> Clients, long? NextAfter);

/// <summary>All clients at one moment.</summary>
internal sealed record StoreSnapshot(long Version, long LastSequence, IReadOnlyList<ServiceClient> Clients);

/// <summary>The result of adding a key.</summary>
internal enum KeyAddition
{
    Added,
    NoSuchClient,
    TooManyKeys,
    DuplicatePublicKey,
    DuplicateKeyId,
}
