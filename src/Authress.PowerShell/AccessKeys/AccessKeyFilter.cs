using System.Management.Automation;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>Chooses access keys by id, public key and age. Ids are case-sensitive, and so are patterns for them.</summary>
/// <param name="keyIds">The ids, with wildcards; null for all.</param>
/// <param name="publicKey">The public key, in any of its forms; null for any.</param>
/// <param name="olderThan">The least age; null for any.</param>
/// <exception cref="WildcardPatternException">A pattern can't be read.</exception>
internal sealed class AccessKeyFilter(string[]? keyIds, string? publicKey, TimeSpan? olderThan)
{
    private readonly WildcardPattern[] _patterns = [.. (keyIds ?? []).Select(pattern => Wildcard.Parse(pattern, WildcardOptions.None))];

    /// <summary>Creates a filter.</summary>
    /// <returns>The error of a pattern that can't be read; null where all can.</returns>
    public static ErrorRecord? TryCreate(string[]? keyIds, string? publicKey, TimeSpan? olderThan, out AccessKeyFilter filter)
    {
        try
        {
            filter = new AccessKeyFilter(keyIds, publicKey, olderThan);
            return null;
        }
        catch (WildcardPatternException e)
        {
            filter = null!;
            return ErrorFactory.InvalidWildcard(e);
        }
    }

    /// <summary>The keys that are wanted.</summary>
    public IEnumerable<AccessKey> Choose(ServiceClient client) => (client.AccessKey ?? Enumerable.Empty<AccessKey>()).Where(Matches);

    /// <summary>The errors of ids that no key has. As with files, a pattern without a match is no error.</summary>
    public IEnumerable<ErrorRecord> FindMissing(ServiceClient client) => (keyIds ?? [])
        .Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && (client.AccessKey ?? Enumerable.Empty<AccessKey>()).All(key => key.KeyId != id))
        .Select(id => ErrorFactory.AccessKeyNotFound(client.ClientId, id));

    private bool Matches(AccessKey key) =>
        (keyIds is null || _patterns.Any(pattern => pattern.IsMatch(key.KeyId)))
        && (publicKey is null || PublicKeyText.Same(publicKey, key.PublicKey))
        && (olderThan is null || key.Age > olderThan);
}
