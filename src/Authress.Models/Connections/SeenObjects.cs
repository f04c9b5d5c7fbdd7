namespace Authress;

/// <summary>
/// The objects that passed through a connection, for completion without requests. Kept with the connection, so that ids are
/// never offered in another account. Thread-safe and bounded.
/// </summary>
internal sealed class SeenObjects
{
    // Completion lists longer than this are of no use.
    private const int MaximumClients = 2000;
    private const int MaximumTags = 500;

    private readonly object _gate = new();
    private readonly Dictionary<string, SeenClient> _clients = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);

    // The same tags unformatted, so that a known tag isn't formatted again for every client that has it.
    private readonly Dictionary<string, HashSet<string>> _valuesOfKey = new(StringComparer.Ordinal);

    /// <summary>The clients by their ids.</summary>
    public IReadOnlyList<SeenClient> Clients
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

    /// <summary>Adds or updates a client.</summary>
    public void Add(ServiceClient client)
    {
        lock (_gate)
        {
            SeenClient seen = Remember(client.ClientId);
            seen.Name = client.Name;
            if (client.AccessKey is { } keys)
                seen.Keys = keys;
            foreach (KeyValuePair<string, string> tag in client.Tag)
            {
                if (_tags.Count < MaximumTags && IsNew(tag))
                    _tags.Add(new TagMap { [tag.Key] = tag.Value }.ToString());
            }
        }
    }

    /// <summary>Adds a key.</summary>
    public void Add(AccessKey key)
    {
        lock (_gate)
        {
            SeenClient seen = Remember(key.ClientId);

            // Not the object itself, which may contain a secret.
            if (!seen.KeyIds.Contains(key.KeyId))
                seen.Keys = [.. seen.Keys, new AccessKey(key.ClientId, key.KeyId)];
        }
    }

    /// <summary>Removes a deleted client.</summary>
    public void RemoveClient(string clientId)
    {
        lock (_gate)
            _clients.Remove(clientId);
    }

    /// <summary>Removes a deleted key.</summary>
    public void RemoveKey(string clientId, string keyId)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(clientId, out SeenClient? seen))
                seen.Keys = [.. seen.Keys.Where(key => key.KeyId != keyId)];
        }
    }

    private bool IsNew(KeyValuePair<string, string> tag)
    {
        if (!_valuesOfKey.TryGetValue(tag.Key, out HashSet<string>? values))
            _valuesOfKey.Add(tag.Key, values = new HashSet<string>(StringComparer.Ordinal));
        return values.Add(tag.Value);
    }

    private SeenClient Remember(string clientId)
    {
        if (_clients.TryGetValue(clientId, out SeenClient? seen))
            return seen;
        while (_clients.Count >= MaximumClients && _order.Count > 0)
            _clients.Remove(_order.Dequeue());
        seen = new SeenClient(clientId);
        _clients.Add(clientId, seen);
        _order.Enqueue(clientId);
        return seen;
    }
}

/// <summary>A service client that passed through.</summary>
internal sealed class SeenClient(string clientId)
{
    public string ClientId { get; } = clientId;

    public string? Name { get; set; }

    /// <summary>The keys. Replaced, never changed, so that they can be read without a lock.</summary>
    public IReadOnlyList<AccessKey> Keys { get; set; } = [];

    /// <summary>The keys' ids, calculated on demand.</summary>
    public IEnumerable<string> KeyIds => Keys.Select(key => key.KeyId);
}
