namespace Authress.Client.Reports;

/// <summary>What the rules of a report take for a finding.</summary>
public sealed record ReportOptions
{
    /// <summary>The default of <see cref="MaximumAge"/>: common advice is to rotate keys every quarter.</summary>
    public static readonly TimeSpan DefaultMaximumAge = TimeSpan.FromDays(90);

    /// <summary>The age from which a key is too old.</summary>
    public TimeSpan MaximumAge { get; init; } = DefaultMaximumAge;

    /// <summary>The tags that every client must have.</summary>
    public IReadOnlyList<string> RequiredTags { get; init; } = [];

    /// <summary>The keys that known destinations hold; null if none are named.</summary>
    public IReadOnlyCollection<HeldKey>? KnownKeys { get; init; }

    /// <summary>The keys that sign for the report itself. Whoever runs it has them.</summary>
    public IReadOnlyCollection<HeldKey> OwnKeys { get; init; } = [];

    /// <summary>The time of the report.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;
}

/// <summary>A key that a destination holds.</summary>
/// <param name="AccountId">The account; null if the key does not name it.</param>
/// <param name="ClientId">The client.</param>
/// <param name="KeyId">The key.</param>
/// <param name="PublicKey">Its public half in the standard form; null if it is not known, as of a key of the older form.</param>
public sealed record HeldKey(string? AccountId, string ClientId, string KeyId, string? PublicKey = null)
{
    /// <summary>Whether it is a client's key. Anyone can write its ids before another private key.</summary>
    internal bool Is(InventoryClient client, InventoryKey key) =>
        KeyId == key.KeyId && ClientId == client.ClientId && (PublicKey is null || key.PublicKey is null || PublicKey == key.PublicKey) && (AccountId is null || client.Account.AccountId is null || AccountId == client.Account.AccountId);
}
