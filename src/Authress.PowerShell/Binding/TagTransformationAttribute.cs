using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Tags as a hashtable, an object's properties, or text such as <c>env=prod;team=a</c>; empty means not given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TagTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value)
    {
        try
        {
            return Parse(value) is { Count: > 0 } tags ? tags : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Refuse(e.Message);
        }
    }

    /// <summary>The tags that a value stands for; none for null.</summary>
    /// <exception cref="FormatException">It is not tags.</exception>
    internal static TagMap Parse(object? value)
    {
        object? plain = Unwrap(value);
        try
        {
            return plain switch
            {
                null => [],
                TagMap map => map,
                string text => TagMap.Parse(text),
                IDictionary dictionary => FromPairs(dictionary.Keys.Cast<object>().Select(key => (key, (object?)dictionary[key]))),
                PSObject custom => FromPairs(custom.Properties.Select(property => ((object)property.Name, (object?)property.Value))),
                _ => throw new FormatException(string.Empty),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or GetValueException)
        {
            string shown = plain is string text ? text : plain!.GetType().Name;
            throw new FormatException(string.Format(CultureInfo.CurrentCulture, Messages.NotTags, shown, e.Message).TrimEnd(), e);
        }
    }

    private static TagMap FromPairs(IEnumerable<(object Key, object? Value)> pairs)
    {
        TagMap tags = [];
        foreach ((object key, object? value) in pairs)
            tags.Add(key, Unwrap(value));
        return tags;
    }
}
