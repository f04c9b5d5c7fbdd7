using System.Collections;
using System.Globalization;

namespace Authress.PowerShell.Completion;

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
