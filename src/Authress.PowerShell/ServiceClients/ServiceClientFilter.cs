using System.Management.Automation;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Filters service clients by name and tags, since the API can't.</summary>
/// <exception cref="WildcardPatternException">A pattern is invalid.</exception>
internal sealed class ServiceClientFilter(string[]? names, TagMap? tags)
{
    private readonly WildcardPattern[]? _names = names?.Select(name => Wildcard.Parse(name, WildcardOptions.IgnoreCase)).ToArray();
    private readonly KeyValuePair<string, WildcardPattern>[] _tags =
        (tags ?? []).Select(tag => new KeyValuePair<string, WildcardPattern>(tag.Key, Wildcard.Parse(tag.Value, WildcardOptions.None))).ToArray();

    /// <summary>Whether one of the names and all of the tags match.</summary>
    public bool Matches(ServiceClient client) =>
        (_names is null || _names.Any(name => name.IsMatch(client.Name ?? string.Empty)))
        && (_tags.Length == 0 || _tags.All(tag => client.Tag.TryGetValue(tag.Key, out string? value) && tag.Value.IsMatch(value)));
}
