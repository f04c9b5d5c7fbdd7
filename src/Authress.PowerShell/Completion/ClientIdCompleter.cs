using System.Collections;

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
