namespace Authress.Chaos;

/// <summary>Whether an object exists, according to the reports that its owner received.</summary>
internal enum Presence
{
    Exists,
    Deleted,
    Unknown,
}

/// <summary>The objects of one worker, according to the reports that it received.</summary>
internal sealed class Holdings
{
    /// <summary>The clients it knows by id.</summary>
    public Dictionary<string, OwnedClient> Clients { get; } = new(StringComparer.Ordinal);

    /// <summary>The outcome of each creation by name; no name is used twice.</summary>
    public Dictionary<string, Outcome> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>What the script that created a name reported.</summary>
    public Dictionary<string, string> Reports { get; } = new(StringComparer.Ordinal);

    /// <summary>Names for which the module reported that its search found no candidate.</summary>
    public HashSet<string> WithoutCandidate { get; } = new(StringComparer.Ordinal);

    /// <summary>Clients that must exist, in a fixed order.</summary>
    public IReadOnlyList<OwnedClient> Certain => [.. Clients.Values.Where(client => client.Presence == Presence.Exists)];
}

/// <summary>A client as its owner knows it.</summary>
/// <param name="id">Its id.</param>
/// <param name="name">Its name.</param>
internal sealed class OwnedClient(string id, string name)
{
    public string Id => id;

    public string Name => name;

    public Presence Presence { get; set; }

    /// <summary>The marks that it may have: one, or more if the outcome of an update is unknown.</summary>
    public HashSet<string> Marks { get; } = new(StringComparer.Ordinal) { "0" };

    /// <summary>Its keys.</summary>
    public Dictionary<string, Presence> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>How many keys it may have whose ids no report named.</summary>
    public int UnnamedKeys { get; set; }

    /// <summary>What the last script that created a key reported.</summary>
    public string LastReport { get; set; } = string.Empty;

    /// <summary>How many keys were requested.</summary>
    public int KeysRequested { get; set; }
}
