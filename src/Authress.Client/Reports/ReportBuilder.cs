using System.Globalization;
using Authress.Client.AccessKeys;
using Authress.Client.Rotations;

namespace Authress.Client.Reports;

/// <summary>Applies the rules to the clients of one or more accounts, one after the other.</summary>
/// <param name="options">What is a finding.</param>
/// <param name="fixes">The commands that correct findings.</param>
public sealed class ReportBuilder(ReportOptions options, IReportFixes fixes)
{
    private const int MaximumKeys = 5;

    private readonly List<ReportAccount> _accounts = [];
    private readonly List<InventoryClient> _clients = [];
    private readonly List<AccessKeyFinding> _findings = [];

    // Where a public key was seen first.
    private readonly Dictionary<string, (InventoryClient Client, string KeyId)> _publicKeys = new(StringComparer.Ordinal);

    /// <summary>Adds the account whose clients come next.</summary>
    public ReportAccount AddAccount(string? accountId, Uri apiUrl)
    {
        ReportAccount account = new(accountId, apiUrl, IsComplete: true);
        _accounts.Add(account);
        return account;
    }

    /// <summary>Adds what could not be read of an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="what">What it is: a client, a destination or the journal.</param>
    /// <param name="reason">Why.</param>
    /// <param name="clientId">The client, if it is one.</param>
    public void AddGap(ReportAccount account, string what, string reason, string? clientId = null)
    {
        if (_accounts.FindIndex(known => ReferenceEquals(known, account) || (known.AccountId == account.AccountId && known.ApiUrl == account.ApiUrl)) is var index and >= 0)
            _accounts[index] = account with { IsComplete = false };
        Add(account, ReportRule.NotRead, InvariantText.Format(Messages.FindingNotRead, what, reason), clientId, null, null, null);
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
            client.Name,
            client.Tag is { Count: > 0 } tags ? tags.ToString() : null,
            client.CreatedTime,
            client.GrantUserPermissionsAccess,
            client.GrantTokenGeneration,
            client.RateLimit?.ToString(),
            client.AccessKey is null ? null : [.. client.AccessKey.Select(key => new InventoryKey(key.KeyId, PublicKeyText.TryToDer(key.PublicKey), key.GenerationDate, KeptUntil(key, rotations)))]);
        _clients.Add(entry);
        JudgeClient(entry, client.Tag);
        foreach (InventoryKey key in entry.Keys ?? [])
            JudgeKey(entry, key, rotations);
        foreach (Rotation rotation in rotations)
            JudgeRotation(entry, rotation);
    }

    /// <summary>The report.</summary>
    /// <param name="exceptions">What is accepted.</param>
    /// <param name="file">The file of the exceptions; null for none.</param>
    public ReportDocument Build(IReadOnlyList<AcceptedFinding> exceptions, string? file)
    {
        foreach (AcceptedFinding ended in exceptions.Where(exception => exception.HasEnded(options.Time)))
        {
            string message = InvariantText.Format(Messages.FindingExceptionExpired, ended.Rule, ended.ClientId, ended.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ended.Reason);
            _findings.Add(Complete(ReportRule.ExceptionExpired.Of(message), _accounts.FirstOrDefault(), null, null, null, file is null ? null : fixes.RemoveException(file, ended)));
        }

        AcceptedFinding[] current = [.. exceptions.Where(exception => !exception.HasEnded(options.Time))];
        foreach (AccessKeyFinding finding in _findings)
            finding.AcceptedReason = Array.Find(current, exception => exception.Covers(finding))?.Reason;
        AccessKeyFinding[] sorted = [.. _findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => Position(finding.Rule)).ThenBy(finding => finding.ClientId, StringComparer.Ordinal).ThenBy(finding => finding.KeyId, StringComparer.Ordinal)];
        return new ReportDocument(_accounts, options.Time, [.. sorted.Where(finding => finding.AcceptedReason is null)], [.. sorted.Where(finding => finding.AcceptedReason is not null)], _clients);
    }

    private static int Position(string rule) => ReportRule.All.TakeWhile(known => known.Id != rule).Count();

    private static DateTimeOffset? KeptUntil(AccessKey key, IReadOnlyList<Rotation> rotations) =>
        rotations.FirstOrDefault(rotation => rotation.IsDelivered && rotation.ReplacedKeyId == key.KeyId)?.DueTime;

    private void JudgeClient(InventoryClient client, TagMap? tags)
    {
        if (client.Keys is { Count: 0 })
            Add(client, ReportRule.ClientWithoutKey, Messages.FindingClientWithoutKey, null, fixes.MakeKey(client.ClientId));
        if (client.Keys is { Count: >= MaximumKeys } keys)
        {
            InventoryKey oldest = keys.OrderBy(key => key.GenerationDate ?? DateTimeOffset.MaxValue).First();
            Add(client, ReportRule.ClientWithFiveKeys, Messages.FindingClientWithFiveKeys, null, fixes.RemoveKey(client.ClientId, oldest.KeyId), keys.Count, oldest.KeyId);
        }

        if (client.CreatesTokens)
            Add(client, ReportRule.MayCreateTokens, Messages.FindingMayCreateTokens, null, fixes.ForbidTokens(client.ClientId));
        if (client is { ActsForUsers: true, RateLimit: null })
            Add(client, ReportRule.ActsForUsersWithoutLimit, Messages.FindingActsForUsersWithoutLimit, null, fixes.LimitRate(client.ClientId));
        string[] missing = [.. options.RequiredTags.Where(tag => string.IsNullOrWhiteSpace(tags?[tag]?.ToString()))];
        if (missing.Length > 0)
            Add(client, ReportRule.TagMissing, Messages.FindingTagMissing, null, fixes.AddTags(client.ClientId, tags, missing), string.Join(", ", missing));
    }

    private void JudgeKey(InventoryClient client, InventoryKey key, IReadOnlyList<Rotation> rotations)
    {
        if (key.PublicKey is { } publicKey)
        {
            if (!_publicKeys.TryGetValue(publicKey, out (InventoryClient Client, string KeyId) first))
                _publicKeys.Add(publicKey, (client, key.KeyId));
            else if (first.Client.ClientId != client.ClientId || first.Client.Account.AccountId != client.Account.AccountId)
                Add(client, ReportRule.KeyOnTwoClients, Messages.FindingKeyOnTwoClients, key.KeyId, fixes.RemoveKey(client.ClientId, key.KeyId), key.KeyId, first.KeyId, first.Client.ClientId, first.Client.Account.AccountId ?? first.Client.Account.ApiUrl.Host);
        }

        // A key that a rotation has replaced is on its way out.
        if (key.KeptUntil is not null)
            return;
        Rotation? rotation = rotations.FirstOrDefault(rotation => rotation.NewKeyId == key.KeyId || rotation.HeldKeyId == key.KeyId);
        if (key.GenerationDate is { } made && options.Time - made > options.MaximumAge && rotations.All(open => open.Step == RotationStep.Completed || open.ReplacedKeyId != key.KeyId))
            Add(client, ReportRule.KeyTooOld, Messages.FindingKeyTooOld, key.KeyId, fixes.Rotate(client.ClientId, key.KeyId, rotation?.Place), key.KeyId, Math.Floor((options.Time - made).TotalDays), Math.Floor(options.MaximumAge.TotalDays));
        if (options.KnownKeys is { } known && rotation is null && !known.Any(held => held.KeyId == key.KeyId && held.ClientId == client.ClientId && (held.AccountId is null || client.Account.AccountId is null || held.AccountId == client.Account.AccountId)))
            Add(client, ReportRule.KeyAtNoKnownDestination, Messages.FindingKeyAtNoKnownDestination, key.KeyId, fixes.RemoveKey(client.ClientId, key.KeyId), key.KeyId);
    }

    private void JudgeRotation(InventoryClient client, Rotation rotation)
    {
        switch (rotation.StateAt(options.Time))
        {
            case RotationState.NeedsAttention:
                Add(client, ReportRule.RotationNeedsAttention, Messages.FindingRotationNeedsAttention, rotation.NewKeyId, rotation.IsDelivered ? fixes.Complete(rotation) : fixes.CarryOn(rotation), rotation.Place.Name, rotation.FailedAttempts, rotation.LastError);
                break;
            case RotationState.Interrupted:
                Add(client, ReportRule.RotationInterrupted, Messages.FindingRotationInterrupted, rotation.NewKeyId, fixes.CarryOn(rotation), rotation.Place.Name);
                break;
            case RotationState.Due:
                Add(client, ReportRule.RotationDue, Messages.FindingRotationDue, rotation.ReplacedKeyId, fixes.Complete(rotation), rotation.Place.Name, rotation.ReplacedKeyId ?? Messages.None);
                break;
            case RotationState.Running or RotationState.Delivered or RotationState.Completed:
            default:
                break;
        }
    }

    // A message names the client first, then what the rule adds.
    private void Add(InventoryClient client, ReportRule rule, string text, string? keyId, string? fix, params object?[] values) =>
        Add(client.Account, rule, InvariantText.Format(text, [string.IsNullOrEmpty(client.Name) ? client.ClientId : $"{client.Name} ({client.ClientId})", .. values]), client.ClientId, client.Name, keyId, fix);

    private void Add(ReportAccount account, ReportRule rule, string message, string? clientId, string? clientName, string? keyId, string? fix) =>
        _findings.Add(Complete(rule.Of(PrintableText.ForMessage(message)), account, clientId, clientName, keyId, fix));

    private static AccessKeyFinding Complete(AccessKeyFinding finding, ReportAccount? account, string? clientId, string? clientName, string? keyId, string? fix)
    {
        (finding.AccountId, finding.ApiUrl, finding.ClientId, finding.ClientName, finding.KeyId, finding.Fix) = (account?.AccountId, account?.ApiUrl, clientId, clientName, keyId, fix);
        return finding;
    }
}
