using System.Collections;
using System.Collections.Specialized;
using System.Dynamic;
using System.Globalization;
using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Requests;

/// <summary>Converts between PowerShell's objects and the plain types that the client library serializes.</summary>
internal static class PlainData
{
    // The depth of the JSON that the client library writes and reads.
    private const int MaximumDepth = 64;

    /// <summary>A body as dictionaries, lists and plain values. A file that was read line by line is one text.</summary>
    /// <exception cref="ArgumentException">
    /// It contains a secret or an object that is no data, contains itself, or has two members of the same name.
    /// </exception>
    public static object? FromPowerShell(object? value) => FromPowerShell(LinesOfFile(value) ?? value, new Stack<object>());

    private static object? FromPowerShell(object? value, Stack<object> holders)
    {
        object? plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (plain is SwitchParameter given)
            return given.IsPresent;
        if (plain is null or string or ValueType or Uri)
            return plain;
        if (plain is SecureString or PSCredential)
            throw new ArgumentException(Messages.NotABody);
        if (PlainText.FromParsable(plain) is { } text)
            return text;
        if (!IsData(plain))
            throw new ArgumentException(InvariantText.Format(Messages.NotPlainData, plain.GetType().Name));
        if (holders.Any(holder => ReferenceEquals(holder, plain)))
            throw new ArgumentException(Messages.BodyInItself);
        if (holders.Count == MaximumDepth)
            throw new ArgumentException(InvariantText.Format(Messages.BodyTooDeep, MaximumDepth));
        holders.Push(plain);
        object read = plain switch
        {
            IDictionary dictionary => FromDictionary(dictionary, holders),
            ExpandoObject expando => FromDictionary(new Dictionary<string, object?>(expando), holders),
            PSObject { BaseObject: PSCustomObject } custom => FromProperties(custom, holders),
            IEnumerable items => items.Cast<object?>().Select(item => FromPowerShell(item, holders)).ToList(),
            _ => FromProperties(PSObject.AsPSObject(plain), holders),
        };
        holders.Pop();
        return read;
    }

    // A file, a process or a document of .NET's own has no form in JSON: its properties lead through half of the process.
    private static bool IsData(object plain) =>
        plain is PSObject or IDictionary or ExpandoObject
        || plain.GetType().Namespace is not { } space
        || (plain is IEnumerable && space != "System.Xml")
        || (space.Split('.')[0] is not ("System" or "Microsoft"));

    // Get-Content without -Raw gives one object a line, each with its number.
    private static string? LinesOfFile(object? value) =>
        value is object[] lines && lines.All(line => line is PSObject { BaseObject: string } text && text.Properties["ReadCount"] is not null)
            ? string.Join("\n", lines)
            : null;

    /// <summary>Objects with properties, arrays and plain values.</summary>
    public static object? ToPowerShell(object? value) => value switch
    {
        List<KeyValuePair<string, object?>> members => ToObject(members),
        List<object?> items => items.Select(ToPowerShell).ToArray(),
        _ => value,
    };

    private static List<KeyValuePair<string, object?>> FromDictionary(IDictionary dictionary, Stack<object> holders)
    {
        List<KeyValuePair<string, object?>> members = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in dictionary)
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            if (!names.Add(name))
                throw new ArgumentException(InvariantText.Format(Messages.BodyNameTwice, name));
            members.Add(new(name, FromPowerShell(entry.Value, holders)));
        }

        return members;
    }

    private static List<KeyValuePair<string, object?>> FromProperties(PSObject custom, Stack<object> holders) =>
        [.. custom.Properties.Where(property => property.IsGettable).Select(property => new KeyValuePair<string, object?>(property.Name, FromPowerShell(Value(property), holders)))];

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException e)
        {
            throw new ArgumentException(string.Format(CultureInfo.CurrentCulture, Messages.UnreadableProperty, property.Name, e.GetBaseException().Message), e);
        }
    }

    private static object ToObject(List<KeyValuePair<string, object?>> members)
    {
        // JSON names may be empty or differ only by case; PowerShell properties can't. Such an object becomes a
        // dictionary.
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
            result.Properties.Add(new PSNoteProperty(member.Key, ToPowerShell(member.Value)), preValidated: true);
        return result;
    }
}
