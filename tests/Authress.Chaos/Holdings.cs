namespace Authress.Chaos;

/// <summary>Whether something is there, as far as its owner was told.</summary>
internal enum Presence
{
    There,
    Gone,
    Perhaps,
}

/// <summary>What one worker owns, as far as it was told.</summary>
internal sealed class Holdings
{
    /// <summary>The clients it knows by id.</summary>
    public Dictionary<string, OwnedClient> Clients { get; } = new(StringComparer.Ordinal);

    /// <summary>What it was told of each name that it asked for; each is asked for once.</summary>
    public Dictionary<string, Fate> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>All that was said by the script that asked for a name.</summary>
    public Dictionary<string, string> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of which the module said that it has looked and nothing came of them.</summary>
    public HashSet<string> SearchedInVain { get; } = new(StringComparer.Ordinal);

    /// <summary>Clients that are there for certain, in a fixed order.</summary>
    public IReadOnlyList<OwnedClient> Certain => [.. Clients.Values.Where(client => client.Presence == Presence.There)];
}

/// <summary>A client as its owner knows it.</summary>
/// <param name="id">Its id.</param>
/// <param name="name">Its name.</param>
internal sealed class OwnedClient(string id, string name)
{
    public string Id => id;

    public string Name => name;

    public Presence Presence { get; set; }

    /// <summary>The marks that it may carry: one, unless an update is in doubt.</summary>
    public HashSet<string> Marks { get; } = new(StringComparer.Ordinal) { "0" };

    /// <summary>Its keys.</summary>
    public Dictionary<string, Presence> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>How many keys it may have whose ids the owner was not told, but that they may be there.</summary>
    public int UnnamedKeys { get; set; }

    /// <summary>All that was said by the last script that asked for a key.</summary>
    public string Told { get; set; } = string.Empty;

    /// <summary>How many keys were asked for.</summary>
    public int KeysAskedFor { get; set; }
}
