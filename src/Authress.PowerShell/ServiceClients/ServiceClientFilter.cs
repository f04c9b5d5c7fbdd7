using System.Management.Automation;
using System.Management.Automation.Language;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Chooses service clients by name and tags. The API has no search.</summary>
/// <exception cref="WildcardPatternException">A pattern is invalid.</exception>
internal sealed class ServiceClientFilter(string[]? names, TagMap? tags, Action<string> warn)
{
    private readonly HashSet<string> _explained = new(StringComparer.Ordinal);
    private readonly WildcardPattern[]? _names = names?.Select(name => Wildcard.Parse(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).ToArray();
    private readonly KeyValuePair<string, WildcardPattern>[] _tags =
        [.. (tags ?? []).Select(tag => new KeyValuePair<string, WildcardPattern>(tag.Key, Wildcard.Parse(tag.Value, WildcardOptions.None)))];

    /// <summary>Creates a filter.</summary>
    /// <returns>The error of an invalid pattern; null if all are valid.</returns>
    public static ErrorRecord? TryCreate(string[]? names, TagMap? tags, Action<string> warn, out ServiceClientFilter filter)
    {
        try
        {
            filter = new ServiceClientFilter(names, tags, warn);
            return null;
        }
        catch (WildcardPatternException e)
        {
            filter = null!;
            return ErrorFactory.InvalidWildcard(e);
        }
    }

    /// <summary>Whether a client matches one of the names and all of the tags.</summary>
    public bool Matches(ServiceClient client)
    {
        FindMisread(client);
        return (_names is null || _names.Any(name => name.IsMatch(client.Name ?? string.Empty)))
            && (_tags.Length == 0 || _tags.All(tag => client.Tag.TryGetValue(tag.Key, out string? value) && tag.Value.IsMatch(value)));
    }

    // A pattern that does not match a client although it is the client's name or tag to the letter, as with brackets.
    private void FindMisread(ServiceClient client)
    {
        for (int i = 0; i < _names?.Length; i++)
        {
            if (string.Equals(names![i], client.Name, StringComparison.OrdinalIgnoreCase) && !_names[i].IsMatch(client.Name!))
                Explain("-Name", names[i], WildcardPattern.Escape(names[i]));
        }

        foreach (KeyValuePair<string, WildcardPattern> tag in _tags)
        {
            string text = (string)tags![tag.Key]!;
            if (client.Tag.TryGetValue(tag.Key, out string? value) && value == text && !tag.Value.IsMatch(value))
                Explain("-Tag", TagText(tag.Key, text), TagText(tag.Key, WildcardPattern.Escape(text)));
        }
    }

    // Once for each pattern.
    private void Explain(string parameter, string pattern, string escaped)
    {
        if (_explained.Add(parameter + pattern))
            warn(CommandText.Format(Messages.PatternMisread, parameter, pattern, CodeGeneration.EscapeSingleQuotedStringContent(escaped)));
    }

    private static string TagText(string key, string value) => new TagMap { [key] = value }.ToString();
}
