namespace Authress.Emulator.AccessKeys;

/// <summary>Limits the number of keys that requests create for a client within an hour.</summary>
/// <param name="perHour">The limit; 0 or less for none.</param>
/// <param name="clock">The emulator's clock.</param>
internal sealed class KeyCreationLimit(int perHour, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<DateTimeOffset>> _created = new(StringComparer.Ordinal);

    /// <summary>Counts one key; false if the client has reached the limit.</summary>
    public bool TryTake(string clientId)
    {
        if (perHour <= 0)
            return true;
        lock (_gate)
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (!_created.TryGetValue(clientId, out List<DateTimeOffset>? times))
                _created.Add(clientId, times = []);
            times.RemoveAll(time => time + Window <= now);
            if (times.Count >= perHour)
                return false;
            times.Add(now);
            return true;
        }
    }

    /// <summary>Removes the last count, because no key was created.</summary>
    public void Return(string clientId)
    {
        lock (_gate)
        {
            if (_created.TryGetValue(clientId, out List<DateTimeOffset>? times) && times.Count > 0)
                times.RemoveAt(times.Count - 1);
        }
    }

    public void Clear()
    {
        lock (_gate)
            _created.Clear();
    }
}
