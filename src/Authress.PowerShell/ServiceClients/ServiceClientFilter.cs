using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Chooses service clients by name and tags. The API has no search.</summary>
/// <exception cref="WildcardPatternException">A pattern is invalid.</exception>
internal sealed class ServiceClientFilter(string[]? names, TagMap? tags)
{
    private readonly WildcardPattern[]? _names = names?.Select(name => Wildcard.Parse(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).ToArray();
    private readonly KeyValuePair<string, WildcardPattern>[] _tags =
        [.. (tags ?? []).Select(tag => new KeyValuePair<string, WildcardPattern>(tag.Key, Wildcard.Parse(tag.Value, WildcardOptions.None)))];

    /// <summary>Creates a filter.</summary>
    /// <returns>The error of an invalid pattern; null if all are valid.</returns>
    public static ErrorRecord? TryCreate(string[]? names, TagMap? tags, out ServiceClientFilter filter)
    {
        try
        {
            filter = new ServiceClientFilter(names, tags);
            return null;
        }
        catch (WildcardPatternException e)
        {
            filter = null!;
            return ErrorFactory.InvalidWildcard(e);
        }
    }

    /// <summary>Whether a client matches one of the names and all of the tags.</summary>
    public bool Matches(ServiceClient client) =>
        (_names is null || _names.Any(name => name.IsMatch(client.Name ?? string.Empty)))
        && (_tags.Length == 0 || _tags.All(tag => client.Tag.TryGetValue(tag.Key, out string? value) && tag.Value.IsMatch(value)));
}
