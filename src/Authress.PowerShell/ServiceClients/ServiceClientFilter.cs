using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Chooses service clients by name and tags, which the API can't.</summary>
/// <exception cref="WildcardPatternException">A pattern can't be read.</exception>
internal sealed class ServiceClientFilter(string[]? names, TagMap? tags)
{
    private readonly WildcardPattern[]? _names = names?.Select(name => Wildcard.Parse(name, WildcardOptions.IgnoreCase)).ToArray();
    private readonly KeyValuePair<string, WildcardPattern>[] _tags =
        [.. (tags ?? []).Select(tag => new KeyValuePair<string, WildcardPattern>(tag.Key, Wildcard.Parse(tag.Value, WildcardOptions.None)))];

    /// <summary>Creates a filter.</summary>
    /// <returns>The error of a pattern that can't be read; null where all can.</returns>
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

    /// <summary>Whether one of the names fits and all of the tags do.</summary>
    public bool Matches(ServiceClient client) =>
        (_names is null || _names.Any(name => name.IsMatch(client.Name ?? string.Empty)))
        && (_tags.Length == 0 || _tags.All(tag => client.Tag.TryGetValue(tag.Key, out string? value) && tag.Value.IsMatch(value)));
}
