using System.Management.Automation;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Chooses service clients by name and tags, as the API itself can't.</summary>
internal sealed class ServiceClientFilter(string[]? names, TagMap? tags)
{
    private readonly WildcardPattern[]? _names = names?.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
    private readonly KeyValuePair<string, WildcardPattern>[] _tags =
        (tags ?? []).Select(tag => new KeyValuePair<string, WildcardPattern>(tag.Key, new WildcardPattern(tag.Value, WildcardOptions.None))).ToArray();

    /// <summary>Whether one of the names fits and all of the tags do.</summary>
    public bool Matches(ServiceClient client) =>
        (_names is null || _names.Any(name => name.IsMatch(client.Name ?? string.Empty)))
        && _tags.All(tag => client.Tag.TryGetValue(tag.Key, out string? value) && tag.Value.IsMatch(value));
}
