namespace Authress.Client.Reports;

/// <summary>Everything that a report shows, as a page, SARIF or a table.</summary>
/// <param name="Accounts">The accounts that were read.</param>
/// <param name="Time">When.</param>
/// <param name="Findings">What is wrong, the worst first.</param>
/// <param name="Accepted">Findings that the file of exceptions accepts.</param>
/// <param name="Clients">The inventory.</param>
public sealed record ReportDocument(
    IReadOnlyList<ReportAccount> Accounts,
    DateTimeOffset Time,
    IReadOnlyList<AccessKeyFinding> Findings,
    IReadOnlyList<AccessKeyFinding> Accepted,
    IReadOnlyList<InventoryClient> Clients);

/// <summary>An account of a report.</summary>
/// <param name="AccountId">Its id; null if unknown.</param>
/// <param name="ApiUrl">Its API URL.</param>
/// <param name="IsComplete">Whether all of it could be read.</param>
public sealed record ReportAccount(string? AccountId, Uri ApiUrl, bool IsComplete)
{
    /// <summary>The id, or the host of an account whose id is unknown.</summary>
    public string Name => AccountId ?? ApiUrl.Host;

    /// <summary>Whether a connection leads to this account, which may have several URLs. One whose account is unknown leads to that of its URL.</summary>
    public bool Is(string? accountId, Uri apiUrl) => AccountId is not null && accountId is not null
        ? AccountId == accountId
        : ApiUrl.GetLeftPart(UriPartial.Authority) == apiUrl.GetLeftPart(UriPartial.Authority);
}

/// <summary>A service client in the inventory, with no more than the report shows.</summary>
/// <param name="Account">Its account.</param>
/// <param name="ClientId">Its id.</param>
/// <param name="Name">Its name, without a credential that stands in it.</param>
/// <param name="Tags">Its tags as text, such as <c>env=prod;team=a</c>, without a credential that stands in one.</param>
/// <param name="CreatedTime">When it was created.</param>
/// <param name="ActsForUsers">Whether it may act for users.</param>
/// <param name="CreatesTokens">Whether it may create tokens for anyone.</param>
/// <param name="RateLimit">Its rate limit as text; null for none.</param>
/// <param name="Keys">Its keys; null if they could not be read.</param>
public sealed record InventoryClient(
    ReportAccount Account,
    string ClientId,
    string? Name,
    string? Tags,
    DateTimeOffset? CreatedTime,
    bool ActsForUsers,
    bool CreatesTokens,
    string? RateLimit,
    IReadOnlyList<InventoryKey>? Keys);

/// <summary>An access key in the inventory.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="PublicKey">Its public half in the standard form, for comparison; null if unknown.</param>
/// <param name="GenerationDate">When it was made; null if unknown.</param>
/// <param name="KeptUntil">Until when a rotation keeps it after replacing it; null if it is not replaced, as far as the journal knows.</param>
public sealed record InventoryKey(string KeyId, string? PublicKey, DateTimeOffset? GenerationDate, DateTimeOffset? KeptUntil);
