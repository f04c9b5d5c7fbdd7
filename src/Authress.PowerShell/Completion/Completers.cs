using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Completion;

/// <summary>Ids of service clients, found by the start of the id or a part of the name.</summary>
internal sealed class ClientIdCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        from client in Cache(bound)?.Clients ?? []
        where StartsWith(client.ClientId, word) || (word.Length > 0 && client.Name?.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
        let shown = string.IsNullOrEmpty(client.Name) ? client.ClientId : $"{client.ClientId} ({client.Name})"
        select new Candidate(client.ClientId, shown, shown);
}

/// <summary>Ids of the access keys of the client on the command line.</summary>
internal sealed class KeyIdCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word)
    {
        string? clientId = bound["ClientId"] switch
        {
            null => null,
            IList { Count: > 0 } several => several[0]?.ToString(),
            var one => one.ToString(),
        };
        return from client in Cache(bound)?.Clients ?? []
               where client.ClientId == clientId
               from keyId in client.KeyIds
               where StartsWith(keyId, word)
               select new Candidate(keyId, keyId, string.Format(CultureInfo.CurrentCulture, Messages.AccessKeyChoice, keyId, clientId));
    }
}

/// <summary>Names of service clients.</summary>
internal sealed class ClientNameCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        from client in Cache(bound)?.Clients ?? []
        where !string.IsNullOrEmpty(client.Name) && StartsWith(client.Name!, word)
        select new Candidate(WildcardPattern.Escape(client.Name!), client.Name!, $"{client.Name} ({client.ClientId})");
}

/// <summary>
/// The last tag of a text: first its key, and after the <c>=</c> its value. PowerShell calls no completer inside a
/// hashtable.
/// </summary>
internal sealed class TagCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word)
    {
        int start = 0;
        while (TagMap.FindUnescaped(word, ';', start) is >= 0 and int end)
            start = end + 1;
        while (start < word.Length && word[start] == ' ')
            start++;
        string before = word.Substring(0, start);
        string last = word.Substring(start);
        IEnumerable<string> tags = Cache(bound)?.Tags ?? [];
        return from text in TagMap.FindUnescaped(last, '=') >= 0 ? tags : tags.Select(Key).Distinct()
               where StartsWith(text, last)
               select new Candidate(before + text, text is [.., '='] ? text.Substring(0, text.Length - 1) : text, text);
    }

    // With the sign that ends it.
    private static string Key(string tag) => tag.Substring(0, TagMap.FindUnescaped(tag, '=') + 1);
}

/// <summary>Rate limits with the durations that Authress accepts and the quotas that it documents.</summary>
internal sealed class RateLimitCompleter : CachedCompleter
{
    private static readonly int[] Quotas = [100, 1_000, 100_000, 1_000_000];

    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        from duration in RateLimit.Durations
        from quota in Quotas
        let text = new RateLimit(duration, quota).ToString()
        where StartsWith(text, word)
        select new Candidate(text, text, string.Format(CultureInfo.CurrentCulture, Messages.RateLimitChoice, quota, duration));
}

/// <summary>Variables of the session that hold a connection.</summary>
internal sealed class ConnectionCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, System.Management.Automation.Language.CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using System.Management.Automation.PowerShell engine = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return [.. engine.AddCommand(@"Microsoft.PowerShell.Utility\Get-Variable").Invoke<PSVariable>()
            .Where(variable => (variable.Value is PSObject wrapped ? wrapped.BaseObject : variable.Value) is Connection)
            .Where(variable => !variable.Name.StartsWith("__", StringComparison.Ordinal) && ("$" + variable.Name).StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(variable => new CompletionResult("$" + variable.Name, "$" + variable.Name, CompletionResultType.Variable, PrintableText.Escape(variable.Value.ToString())))];
    }
}
