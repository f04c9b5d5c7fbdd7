using System.Management.Automation;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>Chooses access keys by id, public key and age. Ids are case-sensitive, and so are patterns for them.</summary>
internal sealed class AccessKeyFilter
{
    private readonly string[]? _keyIds;
    private readonly string? _publicKey;
    private readonly TimeSpan? _olderThan;
    private readonly WildcardPattern[] _patterns = [];

    /// <summary>Creates a filter.</summary>
    /// <param name="keyIds">The ids, with wildcards; null for all.</param>
    /// <param name="publicKey">The public key, in any of its forms; null for any.</param>
    /// <param name="olderThan">The minimum age; null for any.</param>
    public AccessKeyFilter(string[]? keyIds, string? publicKey, TimeSpan? olderThan)
    {
        (_keyIds, _olderThan) = (keyIds, olderThan);
        try
        {
            _publicKey = publicKey is null ? null : PublicKeyText.ToDer(publicKey);
            _patterns = [.. (keyIds ?? []).Select(pattern => Wildcard.Parse(pattern, WildcardOptions.None))];
        }
        catch (WildcardPatternException e)
        {
            Error = ErrorFactory.InvalidWildcard(e);
        }
        catch (FormatException e)
        {
            Error = ErrorFactory.InvalidPublicKey(e);
        }
    }

    /// <summary>The error of an invalid pattern or public key; null if all are valid.</summary>
    public ErrorRecord? Error { get; }

    /// <summary>Whether it compares public keys.</summary>
    public bool ComparesPublicKeys => _publicKey is not null;

    /// <summary>The ids of the keys that it would choose by id and age, but could not compare, because nothing shows their public half.</summary>
    /// <param name="client">The client.</param>
    public IReadOnlyList<string> FindUncompared(ServiceClient client) => !ComparesPublicKeys ? []
        : [.. (client.AccessKey ?? Enumerable.Empty<AccessKey>()).Where(key => !PublicKeyText.IsShown(key.PublicKey) && MatchesIdAndAge(key)).Select(key => key.KeyId)];

    /// <summary>Chooses from the keys of a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="report">Receives the error of each id that no key has. As with files, a pattern without a match causes no error.</param>
    public IReadOnlyList<AccessKey> Choose(ServiceClient client, Action<ErrorRecord> report)
    {
        IReadOnlyList<AccessKey> keys = client.AccessKey ?? (IReadOnlyList<AccessKey>)[];
        foreach (string id in (_keyIds ?? []).Where(id => !WildcardPattern.ContainsWildcardCharacters(id) && keys.All(key => key.KeyId != id)))
            report(ErrorFactory.AccessKeyNotFound(client.ClientId, id));
        return [.. keys.Where(Matches)];
    }

    private bool Matches(AccessKey key) => MatchesIdAndAge(key) && (_publicKey is null || PublicKeyText.Same(_publicKey, key.PublicKey));

    private bool MatchesIdAndAge(AccessKey key) =>
        (_keyIds is null || _patterns.Any(pattern => pattern.IsMatch(key.KeyId))) && (_olderThan is null || key.Age > _olderThan);
}
