using System.Collections.Concurrent;
using Authress.Client.AccessKeys;

namespace Authress.Client.Tests.Rotations.Model;

/// <summary>A service client's keys and one destination as they really are, whatever a machine knows of them.</summary>
/// <param name="client">The client of another world, which has another destination; null for one of its own.</param>
internal sealed class RotationWorld(WorldClient? client = null)
{
    public const string ClientId = "sc_rotated";
    public const string AccountId = "acc-rotations";
    public const string ApiUrl = "https://api.rotations.example";
    public const int MaximumKeys = 5;

    // The pairs of people's keys, in every world the same: to generate them takes most of the time.
    private static readonly ConcurrentDictionary<int, GeneratedKeyPair> Pairs = new();

    private readonly Dictionary<string, (string ClientId, string KeyId, string? PublicKey)?> _parsed = [];

    public WorldClient Client { get; } = client ?? new();

    public DateTimeOffset Now
    {
        get => Client.Now;
        set => Client.Now = value;
    }

    /// <summary>The client's keys.</summary>
    public IReadOnlyList<WorldKey> Keys => Client.Keys;

    /// <summary>Whether the client was deleted.</summary>
    public bool IsClientDeleted
    {
        get => Client.IsDeleted;
        set => Client.IsDeleted = value;
    }

    /// <summary>What the destination holds; null for nothing.</summary>
    public string? Content { get; private set; }

    /// <summary>What it held before the last write.</summary>
    public string? EarlierContent { get; private set; }

    /// <summary>Counts the writes to the destination.</summary>
    public int Writes { get; private set; }

    /// <summary>Who wrote last: a machine's name, or null for people.</summary>
    public string? LastWriter { get; private set; }

    /// <summary>Whether the destination holds a key that works.</summary>
    public bool HoldsWorkingKey => Works(Content);

    /// <summary>The key that the destination holds; null if it holds none of the client's.</summary>
    public WorldKey? HeldKey => FindKey(Content);

    /// <summary>Whether a text is an access key that works.</summary>
    public bool Works(string? text) => FindKey(text) is { } key && key.UsableFrom <= Now && !IsClientDeleted;

    /// <summary>The client's key that a text is; null if it is none.</summary>
    public WorldKey? FindKey(string? text) => Parse(text) is { } parsed && parsed.ClientId == ClientId
        ? Keys.FirstOrDefault(key => key.KeyId == parsed.KeyId && key.PublicKey == parsed.PublicKey)
        : null;

    /// <summary>The id and public half of a text that is an access key.</summary>
    public (string ClientId, string KeyId, string? PublicKey)? Parse(string? text)
    {
        if (text is null)
            return null;
        if (_parsed.TryGetValue(text, out (string, string, string?)? known))
            return known;
        try
        {
            AccessKeyCredential key = AccessKeyCredential.Parse(text);
            return _parsed[text] = (key.ClientId, key.KeyId, key.PublicKey);
        }
        catch (FormatException)
        {
            return _parsed[text] = null;
        }
    }

    /// <inheritdoc cref="WorldClient.Register" />
    public WorldKey Register(string publicKey, string? maker, TimeSpan delay = default) => Client.Register(publicKey, maker, delay);

    /// <inheritdoc cref="WorldClient.Delete" />
    public bool Delete(string keyId) => Client.Delete(keyId);

    /// <summary>A key of people, with its access key.</summary>
    public (WorldKey Key, string Text) AddKey()
    {
        GeneratedKeyPair pair = Pairs.GetOrAdd(Client.LastKey, _ => GeneratedKeyPair.Generate());
        WorldKey key = Register(pair.PublicKey, maker: null);
        return (key, ToText(pair, key.KeyId));
    }

    /// <summary>An access key that the account does not know.</summary>
    public static string ForeignKey(string clientId = ClientId, string keyId = "k999", string accountId = AccountId)
    {
        using System.Security.SecureString text = GeneratedKeyPair.Generate().ToAccessKey(clientId, keyId, accountId);
        return SecretText.Reveal(text);
    }

    /// <summary>Writes to the destination.</summary>
    public void Write(string? content, string? writer)
    {
        (EarlierContent, Content) = (Content, content);
        LastWriter = writer;
        Writes++;
    }

    /// <inheritdoc cref="WorldClient.KeysAt" />
    public IReadOnlyList<WorldKey> KeysAt(DateTimeOffset time) => Client.KeysAt(time);

    private static string ToText(GeneratedKeyPair pair, string keyId)
    {
        using System.Security.SecureString text = pair.ToAccessKey(ClientId, keyId, AccountId);
        return SecretText.Reveal(text);
    }
}

/// <summary>A service client and its keys, and the time.</summary>
internal sealed class WorldClient
{
    private readonly List<(DateTimeOffset Until, IReadOnlyList<WorldKey> Keys)> _history = [];

    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<WorldKey> Keys { get; private set; } = [];

    public bool IsDeleted { get; set; }

    /// <summary>The number of the last key that was registered.</summary>
    public int LastKey { get; private set; }

    /// <summary>Registers a public half.</summary>
    /// <param name="publicKey">The public half.</param>
    /// <param name="maker">The machine that made it; null for people.</param>
    /// <param name="delay">Until it works.</param>
    public WorldKey Register(string publicKey, string? maker, TimeSpan delay = default)
    {
        WorldKey key = new($"k{++LastKey}", publicKey, Now, Now + delay, maker);
        Change([.. Keys, key]);
        return key;
    }

    /// <summary>Deletes a key.</summary>
    public bool Delete(string keyId)
    {
        if (Keys.All(key => key.KeyId != keyId))
            return false;
        Change([.. Keys.Where(key => key.KeyId != keyId)]);
        return true;
    }

    /// <summary>The list of keys as it was: reads may be stale.</summary>
    public IReadOnlyList<WorldKey> KeysAt(DateTimeOffset time) => _history.FirstOrDefault(past => past.Until > time).Keys ?? Keys;

    private void Change(IReadOnlyList<WorldKey> keys)
    {
        _history.Add((Now, Keys));
        Keys = keys;
    }
}

/// <summary>A key that the client has.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="PublicKey">Its public half.</param>
/// <param name="Made">When it was registered.</param>
/// <param name="UsableFrom">From when on it works.</param>
/// <param name="Maker">The machine that made it; null for people.</param>
internal sealed record WorldKey(string KeyId, string PublicKey, DateTimeOffset Made, DateTimeOffset UsableFrom, string? Maker);
