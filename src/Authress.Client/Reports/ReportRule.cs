namespace Authress.Client.Reports;

/// <summary>The rules of the report. Their ids don't change: files of exceptions, code-scanning pages and scripts name them.</summary>
/// <param name="Id">The id.</param>
/// <param name="Severity">The severity of its findings.</param>
public sealed record ReportRule(string Id, FindingSeverity Severity)
{
    /// <summary>A key is older than allowed.</summary>
    public static readonly ReportRule KeyTooOld = new(nameof(KeyTooOld), FindingSeverity.Warning);

    /// <summary>A client has no key.</summary>
    public static readonly ReportRule ClientWithoutKey = new(nameof(ClientWithoutKey), FindingSeverity.Note);

    /// <summary>A client has five keys, so that none can be rotated.</summary>
    public static readonly ReportRule ClientWithFiveKeys = new(nameof(ClientWithFiveKeys), FindingSeverity.Warning);

    /// <summary>Two clients have one public key.</summary>
    public static readonly ReportRule KeyOnTwoClients = new(nameof(KeyOnTwoClients), FindingSeverity.Error);

    /// <summary>A client may create tokens for anyone.</summary>
    public static readonly ReportRule MayCreateTokens = new(nameof(MayCreateTokens), FindingSeverity.Warning);

    /// <summary>A client may act for users, without a rate limit.</summary>
    public static readonly ReportRule ActsForUsersWithoutLimit = new(nameof(ActsForUsersWithoutLimit), FindingSeverity.Warning);

    /// <summary>A required tag is missing.</summary>
    public static readonly ReportRule TagMissing = new(nameof(TagMissing), FindingSeverity.Warning);

    /// <summary>A rotation was interrupted.</summary>
    public static readonly ReportRule RotationInterrupted = new(nameof(RotationInterrupted), FindingSeverity.Warning);

    /// <summary>A rotation is due to be completed.</summary>
    public static readonly ReportRule RotationDue = new(nameof(RotationDue), FindingSeverity.Warning);

    /// <summary>A rotation needs attention.</summary>
    public static readonly ReportRule RotationNeedsAttention = new(nameof(RotationNeedsAttention), FindingSeverity.Error);

    /// <summary>A key is held by none of the known destinations.</summary>
    public static readonly ReportRule KeyAtNoKnownDestination = new(nameof(KeyAtNoKnownDestination), FindingSeverity.Warning);

    /// <summary>An exception has ended.</summary>
    public static readonly ReportRule ExceptionExpired = new(nameof(ExceptionExpired), FindingSeverity.Warning);

    /// <summary>Something could not be read, so the report is incomplete.</summary>
    public static readonly ReportRule NotRead = new(nameof(NotRead), FindingSeverity.Error);

    /// <summary>All rules.</summary>
    public static IReadOnlyList<ReportRule> All { get; } =
    [
        KeyTooOld, ClientWithoutKey, ClientWithFiveKeys, KeyOnTwoClients, MayCreateTokens, ActsForUsersWithoutLimit, TagMissing,
        RotationInterrupted, RotationDue, RotationNeedsAttention, KeyAtNoKnownDestination, ExceptionExpired, NotRead,
    ];

    // The order in which findings are shown: the worst first.
    private static readonly Dictionary<string, int> Ranks = All.OrderByDescending(rule => rule.Severity).Select((rule, index) => (rule.Id, index)).ToDictionary(rank => rank.Id, rank => rank.index, StringComparer.Ordinal);

    /// <summary>What the rule looks for, in a sentence.</summary>
    public string Description => Messages.ResourceManager.GetString("Rule" + Id)!;

    /// <summary>The rule of an id; null if there is none.</summary>
    public static ReportRule? Find(string id) => All.FirstOrDefault(rule => rule.Id == id);

    /// <summary>The position of a rule's findings among all, the worst first.</summary>
    internal static int RankOf(string id) => Ranks[id];

    /// <summary>A finding of this rule.</summary>
    internal AccessKeyFinding Of(string message) => new(Id, Severity, message);
}
