namespace Authress;

/// <summary>
/// Objects that a connection has returned, so that completion needs no request. It belongs to the connection, so that one
/// account's ids are never offered for another's. Thread-safe and bounded.
/// </summary>
internal sealed class CompletionCache
{
    // A completion list with more values is not useful.
    private const int MaximumClients = 2000;
    private const int MaximumTags = 500;

    private readonly object _gate = new();
    private readonly Dictionary<string, CachedClient> _clients = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);

    // The same tags by key and value, so that a known tag needs no formatting.
    private readonly Dictionary<string, HashSet<string>> _valuesOfKey = new(StringComparer.Ordinal);

    /// <summary>The clients by their ids.</summary>
    public IReadOnlyList<CachedClient> Clients
    {
        get
        {
            lock (_gate)
                return [.. _clients.Values.OrderBy(client => client.ClientId, StringComparer.Ordinal)];
        }
    }

    /// <summary>The tags in their text form, such as <c>env=prod</c>.</summary>
    public IReadOnlyList<string> Tags
    {
        get
        {
            lock (_gate)
                return [.. _tags.OrderBy(tag => tag, StringComparer.Ordinal)];
        }
    }

    /// <summary>A client's name; null if it is not known.</summary>
    public string? FindName(string clientId)
    {
        lock (_gate)
            return _clients.TryGetValue(clientId, out CachedClient? client) ? client.Name : null;
    }

    /// <summary>Adds the result of a request if it is a client or a key.</summary>
    /// <returns>The result.</returns>
    public T Add<T>(T result)
    {
        if (result is ServiceClient client)
            AddClient(client);
        else if (result is AccessKey key)
            AddKey(key);
        return result;
    }

    /// <summary>Removes a client that was deleted.</summary>
    public void RemoveClient(string clientId)
    {
        lock (_gate)
            _clients.Remove(clientId);
    }

    /// <summary>Removes a key that was deleted.</summary>
    public void RemoveKey(string clientId, string keyId)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(clientId, out CachedClient? cached))
                cached.Keys = [.. cached.Keys.Where(key => key.KeyId != keyId)];
        }
    }

    private void AddClient(ServiceClient client)
    {
        lock (_gate)
        {
            CachedClient cached = Remember(client.ClientId);
            cached.Name = client.Name;
            if (client.AccessKey is { } keys)
                cached.Keys = keys;
            foreach (KeyValuePair<string, string> tag in client.Tag)
            {
                if (_tags.Count < MaximumTags && IsNew(tag))
                    _tags.Add(TagMap.ToText(tag.Key, tag.Value));
            }
        }
    }

    private void AddKey(AccessKey key)
    {
        lock (_gate)
        {
            CachedClient cached = Remember(key.ClientId);

            // Not the object itself, which may hold a secret.
            if (!cached.KeyIds.Contains(key.KeyId))
                cached.Keys = [.. cached.Keys, new AccessKey(key.ClientId, key.KeyId)];
        }
    }

    private bool IsNew(KeyValuePair<string, string> tag)
    {
        if (!_valuesOfKey.TryGetValue(tag.Key, out HashSet<string>? values))
            _valuesOfKey.Add(tag.Key, values = new HashSet<string>(StringComparer.Ordinal));
        return values.Add(tag.Value);
    }

    private CachedClient Remember(string clientId)
    {
        if (_clients.TryGetValue(clientId, out CachedClient? cached))
            return cached;
        while (_clients.Count >= MaximumClients && _order.Count > 0)
            _clients.Remove(_order.Dequeue());
        cached = new CachedClient(clientId);
        _clients.Add(clientId, cached);
        _order.Enqueue(clientId);
        return cached;
    }
}

/// <summary>A service client in the cache.</summary>
internal sealed class CachedClient(string clientId)
{
    public string ClientId { get; } = clientId;

    public string? Name { get; set; }

    /// <summary>The keys. Replaced, never changed, so that they can be read without a lock.</summary>
    public IReadOnlyList<AccessKey> Keys { get; set; } = [];

    /// <summary>The keys' ids. Computed on demand: most clients are never completed.</summary>
    public IEnumerable<string> KeyIds => Keys.Select(key => key.KeyId);
}
