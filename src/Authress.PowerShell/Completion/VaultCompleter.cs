using System.Collections;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Completion;

/// <summary>Names of the registered vaults, which SecretManagement keeps on this machine.</summary>
internal sealed class VaultCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        SecretVault.FindNames().Where(name => StartsWith(name, word)).Select(name => new Candidate(name, name, name));
}
