using System.Collections.Concurrent;

namespace Authress.Emulator.Tokens;

/// <summary>
/// The keys that exist but do not work yet. In Authress, a new key can take minutes to work; here, only a fault causes that.
/// </summary>
internal sealed class KeyActivation(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string ClientId, string KeyId), Wait> _waiting = new();

    private sealed class Wait(DateTimeOffset? until, int requests)
    {
        private int _requestsLeft = requests;

        public bool IsOver(DateTimeOffset now)
        {
            bool countedDown = Volatile.Read(ref _requestsLeft) <= 0 || Interlocked.Decrement(ref _requestsLeft) < 0;
            return countedDown && (until is null || now >= until);
        }
    }

    /// <summary>Refuses the key's tokens for a time, a number of requests, or until both have passed.</summary>
    public void Postpone(string clientId, string keyId, TimeSpan? time, int requests) =>
        _waiting[(clientId, keyId)] = new(time is { } wait ? clock.GetUtcNow() + wait : null, requests);

    public bool IsUsable(string clientId, string keyId)
    {
        if (_waiting.IsEmpty || !_waiting.TryGetValue((clientId, keyId), out Wait? wait))
            return true;
        if (!wait.IsOver(clock.GetUtcNow()))
            return false;
        _waiting.TryRemove((clientId, keyId), out _);
        return true;
    }

    public void Clear() => _waiting.Clear();
}
