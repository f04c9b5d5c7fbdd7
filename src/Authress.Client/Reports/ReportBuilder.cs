using Authress.Client.AccessKeys;
using Authress.Client.Rotations;

namespace Authress.Client.Reports;

/// <summary>Applies the rules to the clients of one or more accounts, one after the other.</summary>
/// <param name="options">What is a finding.</param>
/// <param name="fixes">The commands that correct findings in an account.</param>
public sealed class ReportBuilder(ReportOptions options, Func<ReportAccount, IReportFixes> fixes)
{
    private const int MaximumKeys = 5;

    // Looked up once: a large account may have it for each of its keys.
    private readonly string _keyTooOld = Messages.FindingKeyTooOld;

    private readonly List<ReportAccount> _accounts = [];
    private readonly Dictionary<ReportAccount, IReportFixes> _fixes = [];
    private readonly List<InventoryClient> _clients = [];
    private readonly List<AccessKeyFinding> _findings = [];

    // Where something that may hold any key could not be read.
    private readonly HashSet<ReportAccount> _unseen = [];

    // Where a public key was seen first.
    private readonly Dictionary<string, SeenKey> _publicKeys = new(StringComparer.Ordinal);

    /// <summary>Adds the account whose clients come next.</summary>
    public ReportAccount AddAccount(string? accountId, Uri apiUrl)
    {
        ReportAccount account = new(accountId, apiUrl, IsComplete: true);
        _accounts.Add(account);
        return account;
    }

    /// <summary>Adds what could not be read of an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="what">What it is, such as a client.</param>
    /// <param name="reason">Why.</param>
    /// <param name="clientId">The client, if it is one.</param>
    public void AddGap(ReportAccount account, string what, string reason, string? clientId = null)
    {
        if (_accounts.FindIndex(known => ReferenceEquals(known, account) || (known.AccountId == account.AccountId && known.ApiUrl == account.ApiUrl)) is var index and >= 0)
            _accounts[index] = account with { IsComplete = false };
        Add(account, ReportRule.NotRead, InvariantText.Format(Messages.FindingNotRead, what, OneLine(reason)), clientId, null, null, null, what);
    }

    /// <summary>Adds a place that may hold any key, and could not be read. No command deletes a key of the clients that come next.</summary>
    /// <param name="account">The account.</param>
    /// <param name="what">What it is: a destination or the journal.</param>
    /// <param name="reason">Why.</param>
    public void AddUnseenPlace(ReportAccount account, string what, string reason)
    {
        _unseen.Add(account);
        AddGap(account, what, reason);
    }

    /// <summary>Adds a client.</summary>
    /// <param name="account">Its account.</param>
    /// <param name="client">The client, with its keys if they could be read.</param>
    /// <param name="rotations">The rotations of its keys that the journal knows.</param>
    public void AddClient(ReportAccount account, ServiceClient client, IReadOnlyList<Rotation> rotations)
    {
        InventoryClient entry = new(
            account,
            client.ClientId,
            client.Name is null ? null : Redaction.Hide(client.Name),
            client.Tag is { Count: > 0 } tags ? WithoutCredentials(tags) : null,
            client.CreatedTime,
            client.GrantUserPermissionsAccess,
            client.GrantTokenGeneration,
            client.RateLimit?.ToString(),
            client.AccessKey is null ? null : [.. client.AccessKey.Select(key => new InventoryKey(key.KeyId, PublicKeyText.TryToDer(key.PublicKey), key.GenerationDate, KeptUntil(key, rotations)))]);
        _clients.Add(entry);
        JudgeClient(entry, client.Tag, rotations);
        foreach (InventoryKey key in entry.Keys ?? [])
            JudgeKey(entry, key, rotations);
        foreach (Rotation rotation in rotations)
            JudgeRotation(entry, rotation);
    }

    /// <summary>Adds an open rotation of a client that is not there any more.</summary>
    /// <param name="account">The account.</param>
    /// <param name="rotation">The rotation.</param>
    /// <param name="entry">Its entry of the journal.</param>
    public void AddAbandoned(ReportAccount account, Rotation rotation, string entry) => Add(
        account,
        ReportRule.RotationInterrupted,
        InvariantText.Format(Messages.FindingRotationAbandoned, rotation.ClientId, rotation.Place.Name, entry),
        rotation.ClientId,
        null,
        rotation.NewKeyId,
        null,
        SubjectOf(rotation));

    /// <summary>The report.</summary>
    /// <param name="exceptions">What is accepted.</param>
    /// <param name="file">The file of the exceptions; null for none.</param>
    public ReportDocument Build(IReadOnlyList<AcceptedFinding> exceptions, string? file)
    {
        foreach (AcceptedFinding ended in exceptions.Where(exception => exception.HasEnded(options.Time)))
        {
            string message = InvariantText.Format(Messages.FindingExceptionExpired, ended.Rule, ended.KeyId is null ? ended.ClientId : $"{ended.ClientId} ({ended.KeyId})", ended.UntilText, ended.Reason);
            Add(_accounts[0], ReportRule.ExceptionExpired, message, null, null, null, file is null ? null : FixesFor(_accounts[0]).RemoveException(file, ended), ended.Identity);
        }

        // Of several for one finding, the one that holds longest.
        AcceptedFinding[] current = [.. exceptions.Where(exception => !exception.HasEnded(options.Time)).OrderByDescending(exception => exception.Until)];
        foreach (AccessKeyFinding finding in _findings)
        {
            if (Array.Find(current, exception => exception.Covers(finding)) is { } exception)
                (finding.AcceptedReason, finding.AcceptedUntil) = (exception.Reason, exception.Until);
        }

        AccessKeyFinding[] sorted = [.. _findings.OrderBy(finding => ReportRule.RankOf(finding.Rule)).ThenBy(finding => finding.ClientId, StringComparer.Ordinal).ThenBy(finding => finding.KeyId, StringComparer.Ordinal)];
        return new ReportDocument(_accounts, options.Time, [.. sorted.Where(finding => finding.AcceptedReason is null)], [.. sorted.Where(finding => finding.AcceptedReason is not null)], _clients);
    }

    private IReportFixes FixesFor(ReportAccount account)
    {
        if (!_fixes.TryGetValue(account, out IReportFixes? commands))
            _fixes.Add(account, commands = fixes(account));
        return commands;
    }

    // Each by itself: the user name of a URL would reach to an e-mail address in another tag.
    private static string WithoutCredentials(TagMap tags) =>
        string.Join(";", from tag in (IReadOnlyDictionary<string, string>)tags select TagMap.ToText(Redaction.Hide(tag.Key), Redaction.Hide(tag.Value)));

    private static DateTimeOffset? KeptUntil(AccessKey key, IReadOnlyList<Rotation> rotations) => rotations.Count == 0 ? null
        : rotations.FirstOrDefault(rotation => rotation.IsDelivered && rotation.ReplacedKeyId == key.KeyId)?.DueTime
        ?? rotations.SelectMany(rotation => rotation.GivenUp).FirstOrDefault(given => given.KeyId == key.KeyId)?.DueTime;

    private void JudgeClient(InventoryClient client, TagMap? tags, IReadOnlyList<Rotation> rotations)
    {
        IReportFixes commands = FixesFor(client.Account);
        if (client.Keys is { Count: 0 })
            Add(client, ReportRule.ClientWithoutKey, Messages.FindingClientWithoutKey, null, commands.MakeKey(client.ClientId));
        if (client.Keys is { Count: >= MaximumKeys } keys)
        {
            SeenKey[] seen = [.. keys.OrderBy(key => key.GenerationDate ?? DateTimeOffset.MaxValue).Select(key => new SeenKey(client, key, rotations))];
            SeenKey? oldest = Array.Find(seen, MayGo);
            string advice = oldest is null ? WhyNoneGoes(seen) : Messages.FindingOldestKey;
            Add(client, ReportRule.ClientWithFiveKeys, $"{Messages.FindingClientWithFiveKeys} {advice}", null, RemoveFix(oldest), keys.Count, oldest?.Key.KeyId);
        }

        if (client.CreatesTokens)
            Add(client, ReportRule.MayCreateTokens, Messages.FindingMayCreateTokens, null, commands.ForbidTokens(client.ClientId));
        if (client is { ActsForUsers: true, RateLimit: null })
            Add(client, ReportRule.ActsForUsersWithoutLimit, Messages.FindingActsForUsersWithoutLimit, null, commands.LimitRate(client.ClientId));
        string[] missing = [.. options.RequiredTags.Where(tag => string.IsNullOrWhiteSpace(tags?[tag]?.ToString()))];
        if (missing.Length > 0)
            Add(client, ReportRule.TagMissing, Messages.FindingTagMissing, null, commands.AddTags(client.ClientId, tags, missing), string.Join(", ", missing));
    }

    private void JudgeKey(InventoryClient client, InventoryKey key, IReadOnlyList<Rotation> rotations)
    {
        SeenKey seen = new(client, key, rotations);
        if (key.PublicKey is { } publicKey)
        {
            if (!_publicKeys.TryGetValue(publicKey, out SeenKey? first))
                _publicKeys.Add(publicKey, seen);
            else if (first.Client.ClientId != client.ClientId || !first.Client.Account.Is(client.Account.AccountId, client.Account.ApiUrl))
                AddShared(seen, first);
        }

        // A key that a rotation has replaced is on its way out.
        if (key.KeptUntil is not null)
            return;
        Rotation? rotation = rotations.FirstOrDefault(rotation => rotation.NewKeyId == key.KeyId || rotation.HeldKeyId == key.KeyId);
        if (key.GenerationDate is { } made && options.Time - made > options.MaximumAge && rotations.All(open => open.Step == RotationStep.Completed || open.ReplacedKeyId != key.KeyId))
            Add(client, ReportRule.KeyTooOld, _keyTooOld, key.KeyId, RotateFix(client, key, rotation), key.KeyId, Math.Floor((options.Time - made).TotalDays), Math.Floor(options.MaximumAge.TotalDays));
        if (options.KnownKeys is not null && !IsHeld(seen))
            AddUnknown(seen);
    }

    private void AddShared(SeenKey key, SeenKey first)
    {
        SeenKey[] both = [key, first];
        SeenKey? spare = Array.Find(both, MayGo);
        string text = spare is null ? $"{Messages.FindingKeyOnTwoClients} {WhyNoneGoes(both)}" : Messages.FindingKeyOnTwoClients;
        Add(key.Client, ReportRule.KeyOnTwoClients, text, key.Key.KeyId, RemoveFix(spare), key.Key.KeyId, first.Key.KeyId, first.Client.ClientId, first.Client.Account.Name);
    }

    private void AddUnknown(SeenKey key) => Add(
        key.Client,
        ReportRule.KeyAtNoKnownDestination,
        IsUnseen(key) ? Messages.FindingKeyAtNoReadDestination : Messages.FindingKeyAtNoKnownDestination,
        key.Key.KeyId,
        RemoveFix(IsUnseen(key) ? null : key),
        key.Key.KeyId);

    private string? RemoveFix(SeenKey? key) => key is null ? null : FixesFor(key.Client.Account).RemoveKey(key.Client.ClientId, key.Key.KeyId);

    // What could not be read may hold the key.
    private bool MayGo(SeenKey key) => !IsUnseen(key) && !IsHeld(key);

    private string WhyNoneGoes(SeenKey[] keys) => Array.Exists(keys, IsUnseen) ? Messages.FindingKeysUnseen : Messages.FindingKeysInUse;

    private bool IsUnseen(SeenKey key) => _unseen.Contains(key.Client.Account);

    // By the one who runs the report, by a known destination, or as far as the journal knows.
    private bool IsHeld(SeenKey key) =>
        options.OwnKeys.Any(own => own.Is(key.Client, key.Key))
        || options.KnownKeys?.Any(held => held.Is(key.Client, key.Key)) == true
        || key.Rotations.Any(rotation => Knows(rotation, key.Key.KeyId));

    private bool Knows(Rotation rotation, string keyId) =>
        keyId == rotation.NewKeyId || keyId == rotation.HeldKeyId || keyId == rotation.ReplacedKeyId || keyId == rotation.SeenKeyId || rotation.GivenUp.Any(given => given.KeyId == keyId)
        || rotation.TakenOut.Any(key => key.KeyId == keyId && options.Time < key.DueTime);

    // Another rotation of the same destination begins only when the last one is completed.
    private string RotateFix(InventoryClient client, InventoryKey key, Rotation? rotation) =>
        (rotation is { IsDelivered: true } ? FixesFor(client.Account).Complete(rotation) + "; " : string.Empty) + FixesFor(client.Account).Rotate(client.ClientId, key.KeyId, rotation?.Place);

    private void JudgeRotation(InventoryClient client, Rotation rotation)
    {
        IReportFixes commands = FixesFor(client.Account);
        switch (rotation.StateAt(options.Time))
        {
            case RotationState.NeedsAttention:
                AddRotation(ReportRule.RotationNeedsAttention, Messages.FindingRotationNeedsAttention, rotation.NewKeyId, commands.CarryOn(rotation), rotation.Place.Name, rotation.FailedAttempts, OneLine(rotation.LastError ?? string.Empty));
                break;
            case RotationState.Interrupted:
                AddRotation(ReportRule.RotationInterrupted, Messages.FindingRotationInterrupted, rotation.NewKeyId, commands.CarryOn(rotation), rotation.Place.Name);
                break;
            case RotationState.Due:
                AddRotation(ReportRule.RotationDue, Messages.FindingRotationDue, rotation.ReplacedKeyId, commands.Complete(rotation), rotation.Place.Name, rotation.ReplacedKeyId ?? Messages.None);
                break;
            case RotationState.Running or RotationState.Delivered or RotationState.Completed:
            default:
                break;
        }

        // Each attempt may have another key.
        void AddRotation(ReportRule rule, string text, string? keyId, string fix, params object?[] values) =>
            Add(client.Account, rule, Text(client, text, values), client.ClientId, client.Name, keyId, fix, SubjectOf(rotation));
    }

    private static string SubjectOf(Rotation rotation) => rotation.Place.Identity.Length > 0 ? rotation.Place.Identity : rotation.Id;

    // The ids that support asks for are on lines of their own.
    private static string OneLine(string text) => string.Join(" ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));

    // A message names the client first, then what the rule adds.
    private static string Text(InventoryClient client, string text, object?[] values) =>
        InvariantText.Format(text, [string.IsNullOrEmpty(client.Name) ? client.ClientId : $"{client.Name} ({client.ClientId})", .. values]);

    private void Add(InventoryClient client, ReportRule rule, string text, string? keyId, string? fix, params object?[] values) =>
        Add(client.Account, rule, Text(client, text, values), client.ClientId, client.Name, keyId, fix);

    private void Add(ReportAccount account, ReportRule rule, string message, string? clientId, string? clientName, string? keyId, string? fix, string? subject = null)
    {
        AccessKeyFinding finding = rule.Of(PrintableText.ForMessage(message));
        (finding.AccountId, finding.ApiUrl, finding.ClientId, finding.ClientName, finding.KeyId, finding.Fix, finding.Subject) = (account.AccountId, account.ApiUrl, clientId, clientName, keyId, fix, subject);
        _findings.Add(finding);
    }

    private sealed record SeenKey(InventoryClient Client, InventoryKey Key, IReadOnlyList<Rotation> Rotations);
}
