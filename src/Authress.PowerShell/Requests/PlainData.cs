using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Requests;

/// <summary>Between PowerShell's objects and the plain types that the client library writes and reads as JSON.</summary>
internal static class PlainData
{
    // Deeper than any JSON that is accepted; an object that holds itself ends here.
    private const int MaximumDepth = 64;

    /// <summary>Dictionaries, lists and plain values of what a user gave as a body.</summary>
    /// <exception cref="ArgumentException">It holds a secret, holds itself, or has two members of the same name.</exception>
    public static object? FromPowerShell(object? value, int depth = 0)
    {
        if (depth > MaximumDepth)
            throw new ArgumentException($"The body is nested more than {MaximumDepth} levels deep; does it hold itself?");
        object? plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            null or string or ValueType or Uri => plain,
            SecureString or PSCredential => throw new ArgumentException(Messages.NotABody),
            TagMap or IDictionary => FromDictionary((IDictionary)plain, depth),
            PSObject { BaseObject: PSCustomObject } custom => FromProperties(custom, depth),
            IEnumerable items => items.Cast<object?>().Select(item => FromPowerShell(item, depth + 1)).ToList(),
            _ => FromProperties(PSObject.AsPSObject(plain), depth),
        };
    }

    /// <summary>Objects with properties, arrays and plain values.</summary>
    public static object? ToPowerShell(object? value) => value switch
    {
        List<KeyValuePair<string, object?>> members => ToObject(members),
        List<object?> items => items.Select(ToPowerShell).ToArray(),
        _ => value,
    };

    private static List<KeyValuePair<string, object?>> FromDictionary(IDictionary dictionary, int depth)
    {
        List<KeyValuePair<string, object?>> members = [];
        foreach (DictionaryEntry entry in dictionary)
            members.Add(new(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, FromPowerShell(entry.Value, depth + 1)));
        return members;
    }

    private static List<KeyValuePair<string, object?>> FromProperties(PSObject custom, int depth) =>
        [.. custom.Properties.Where(property => property.IsGettable).Select(property => new KeyValuePair<string, object?>(property.Name, FromPowerShell(property.Value, depth + 1)))];

    private static object ToObject(List<KeyValuePair<string, object?>> members)
    {
        // PowerShell's properties are told apart without regard to case and have a name; JSON's need neither. Nothing is
        // dropped: such an object becomes a dictionary.
        bool fits = members.All(member => member.Key.Length > 0)
            && members.Select(member => member.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() == members.Count;
        if (!fits)
        {
            OrderedDictionary dictionary = new(StringComparer.Ordinal);
            foreach (KeyValuePair<string, object?> member in members)
                dictionary.Add(member.Key, ToPowerShell(member.Value));
            return dictionary;
        }

        PSObject result = new();
        foreach (KeyValuePair<string, object?> member in members)
            result.Properties.Add(new PSNoteProperty(member.Key, ToPowerShell(member.Value)));
        return result;
    }
}
