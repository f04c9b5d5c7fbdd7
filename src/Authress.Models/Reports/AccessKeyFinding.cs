namespace Authress;

/// <summary>What Get-AuthressAccessKeyReport found wrong with an account, a service client or one of its access keys.</summary>
public sealed class AccessKeyFinding
{
    internal AccessKeyFinding(string rule, FindingSeverity severity, string message) => (Rule, Severity, Message) = (rule, severity, message);

    /// <summary>How serious it is.</summary>
    public FindingSeverity Severity { get; }

    /// <summary>The rule's id, which does not change between versions.</summary>
    public string Rule { get; }

    /// <summary>The service client; null if the finding is about the account.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>The client's name, without a credential that stands in it.</summary>
    public string? ClientName
    {
        get;
        internal set => field = value is null ? null : Redaction.Hide(value);
    }

    /// <summary>The key; null if the finding is about the whole client.</summary>
    public string? KeyId { get; internal set; }

    /// <summary>What is wrong, in a sentence.</summary>
    public string Message { get; }

    /// <summary>The command that corrects it; null if there is none, or a credential stands in it: without that, it would do something else.</summary>
    public string? Fix
    {
        get;
        internal set => field = value is null || Redaction.Finds(value) ? null : value;
    }

    /// <summary>The account.</summary>
    public string? AccountId { get; internal set; }

    /// <summary>The API URL of the account.</summary>
    public Uri? ApiUrl { get; internal set; }

    /// <summary>
    /// What distinguishes it from the rule's other findings about the client, such as a destination; null if the key does. Stays the
    /// same while the finding remains.
    /// </summary>
    internal string? Subject { get; set; }

    /// <summary>Why it is accepted, by the file of exceptions; null if it is not.</summary>
    internal string? AcceptedReason
    {
        get;
        set => field = value is null ? null : Redaction.Hide(value);
    }

    /// <summary>The last day on which it is accepted; null if it is not.</summary>
    internal DateTimeOffset? AcceptedUntil { get; set; }

    /// <summary>The rule and what it is about.</summary>
    public override string ToString() => $"{Rule}: {Message}";
}
