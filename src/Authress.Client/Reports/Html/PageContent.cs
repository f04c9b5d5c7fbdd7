using System.Globalization;

namespace Authress.Client.Reports.Html;

/// <summary>What several parts of the page need to know about the report.</summary>
internal sealed class PageContent
{
    // Looked up once: a page may have it for each of many thousand keys.
    private static readonly string ManyDays = Messages.PageDays;

    private readonly Dictionary<(string?, Uri?, string?), List<AccessKeyFinding>> _findings = [];
    private readonly Dictionary<(string?, Uri?, string?), string> _rows = [];

    public PageContent(ReportDocument document)
    {
        Document = document;
        Groups = [.. document.Findings.GroupBy(finding => finding.Rule).OrderByDescending(group => group.First().Severity).Select((group, index) => new FindingGroup(group.First().Severity, group.Key, "rule-" + Number(index + 1, null), [.. group]))];
        foreach (AccessKeyFinding finding in Groups.SelectMany(group => group.Findings))
        {
            (string?, Uri?, string?) client = (finding.AccountId, finding.ApiUrl, finding.ClientId);
            if (!_findings.TryGetValue(client, out List<AccessKeyFinding>? ofClient))
                _findings.Add(client, ofClient = []);
            ofClient.Add(finding);
        }

        foreach (InventoryClient client in document.Clients)
            _rows[(client.Account.AccountId, client.Account.ApiUrl, client.ClientId)] = "client-" + Number(_rows.Count + 1, null);
        ClientsWithoutKeys = document.Clients.Count(client => client.Keys is null);
    }

    /// <summary>The report.</summary>
    public ReportDocument Document { get; }

    /// <summary>The findings by rule, the worst first.</summary>
    public IReadOnlyList<FindingGroup> Groups { get; }

    /// <summary>The number of clients whose keys could not be read.</summary>
    public int ClientsWithoutKeys { get; }

    /// <summary>Whether everything could be read.</summary>
    public bool IsComplete => ClientsWithoutKeys == 0 && Document.Accounts.All(account => account.IsComplete);

    /// <summary>Whether clients need their account beside them.</summary>
    public bool HasSeveralAccounts => Document.Accounts.Count > 1;

    /// <summary>A client's findings, by rule, the worst first.</summary>
    public IReadOnlyList<AccessKeyFinding> FindingsOf(InventoryClient client) =>
        _findings.TryGetValue((client.Account.AccountId, client.Account.ApiUrl, client.ClientId), out List<AccessKeyFinding>? findings) ? findings : [];

    /// <summary>The id of a client's row in the inventory.</summary>
    public string RowOf(InventoryClient client) => _rows[(client.Account.AccountId, client.Account.ApiUrl, client.ClientId)];

    /// <summary>The id of the row of a finding's client in the inventory; null if it has none.</summary>
    public string? RowOf(AccessKeyFinding finding) => _rows.TryGetValue((finding.AccountId, finding.ApiUrl, finding.ClientId), out string? row) ? row : null;

    /// <summary>A key's age at the time of the report, at least 0; null if it is unknown.</summary>
    public TimeSpan? AgeOf(InventoryKey key) => key.GenerationDate is { } made ? new TimeSpan(Math.Max(0, (Document.Time - made).Ticks)) : null;

    /// <summary>How an account is named: by its id, else by its host.</summary>
    public static string NameOf(string? accountId, Uri? apiUrl) => accountId ?? apiUrl?.Host ?? string.Empty;

    /// <summary>A number with separators for thousands.</summary>
    public static string Number(int number) => Number(number, "N0");

    /// <summary>A day, in UTC.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A moment, in UTC.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>An age in whole days.</summary>
    public static string Days(TimeSpan age) => (int)age.TotalDays == 1 ? Messages.PageDay : InvariantText.Format(ManyDays, Number((int)age.TotalDays));

    /// <summary>A severity as a word.</summary>
    public static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => Messages.PageError,
        FindingSeverity.Warning => Messages.PageWarning,
        FindingSeverity.Note or _ => Messages.PageNote,
    };

    /// <summary>The class of a severity, which the style colours.</summary>
    public static string ClassOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        FindingSeverity.Note or _ => "note",
    };

    private static string Number(int number, string? format) => number.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>The findings of a rule.</summary>
/// <param name="Severity">Their severity.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Anchor">The id of the group's heading.</param>
/// <param name="Findings">The findings.</param>
internal sealed record FindingGroup(FindingSeverity Severity, string Rule, string Anchor, IReadOnlyList<AccessKeyFinding> Findings);
