namespace Authress.Client;

/// <summary>
/// The ids of what creations over this connection have returned, the latest of them: what a caller was told of is nothing
/// that a creation with an unknown outcome may have made.
/// </summary>
internal sealed class ToldIds
{
    private const int Remembered = 10_000;

    private readonly object _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers a client.</summary>
    public void Add(string clientId)
    {
        lock (_gate)
        {
            if (!_ids.Add(clientId))
                return;
            _order.Enqueue(clientId);
            if (_order.Count > Remembered)
                _ids.Remove(_order.Dequeue());
        }
    }

    /// <summary>Remembers a key, whose id is unique only within its client.</summary>
    public void Add(string clientId, string keyId) => Add(KeyName(clientId, keyId));

    public bool Contains(string clientId)
    {
        lock (_gate)
            return _ids.Contains(clientId);
    }

    public bool Contains(string clientId, string keyId) => Contains(KeyName(clientId, keyId));

    // A line break is in no id.
    private static string KeyName(string clientId, string keyId) => clientId + "\n" + keyId;
}
