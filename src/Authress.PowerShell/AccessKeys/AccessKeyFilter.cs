using System.Management.Automation;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.AccessKeys;

/// <summary>Chooses access keys by id, public key and age. Ids are case-sensitive, and so are patterns for them.</summary>
/// <param name="keyIds">The ids, with wildcards; null for all.</param>
/// <param name="publicKey">The public key, in any of its forms; null for any.</param>
/// <param name="olderThan">The least age; null for any.</param>
/// <exception cref="WildcardPatternException">A pattern can't be read.</exception>
internal sealed class AccessKeyFilter(string[]? keyIds, string? publicKey, TimeSpan? olderThan)
{
    private readonly WildcardPattern[] _patterns = [.. (keyIds ?? []).Select(pattern => Wildcard.Parse(pattern, WildcardOptions.None))];

    /// <summary>Whether a key is wanted.</summary>
    public bool Matches(AccessKey key) =>
        (keyIds is null || _patterns.Any(pattern => pattern.IsMatch(key.KeyId)))
        && (publicKey is null || PublicKeyText.Same(publicKey, key.PublicKey))
        && (olderThan is null || key.Age > olderThan);

    /// <summary>The ids without wildcards that no key has.</summary>
    public IEnumerable<string> FindMissing(IReadOnlyList<AccessKey> keys) =>
        (keyIds ?? []).Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && keys.All(key => key.KeyId != id));
}
