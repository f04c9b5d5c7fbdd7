using System.Collections;
using System.Management.Automation;

namespace Authress.PowerShell.Completion;

/// <summary>Names of service clients.</summary>
internal sealed class ClientNameCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        from client in Cache(bound)?.Clients ?? []
        where !string.IsNullOrEmpty(client.Name) && StartsWith(client.Name!, word)
        select new Candidate(WildcardPattern.Escape(client.Name!), client.Name!, $"{client.Name} ({client.ClientId})");
}
