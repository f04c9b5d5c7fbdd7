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
        TagMap? tags = value switch
        {
            null => null,
            TagMap map => map,
            string text => FromText(text),
            IDictionary dictionary => FromPairs(dictionary.Keys.Cast<object>().Select(key => (Text(key), (object?)dictionary[key]))),
            PSObject { BaseObject: PSCustomObject } custom => FromPairs(custom.Properties.Select(property => (property.Name, (object?)property.Value))),
            _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotTags, value, string.Empty)),
        };
        return tags is { Count: > 0 } ? tags : null;
    }

    private static TagMap FromText(string text)
    {
        try
        {
            return TagMap.Parse(text);
        }
        catch (FormatException e)
        {
            throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotTags, text, e.Message));
        }
    }

    private static TagMap FromPairs(IEnumerable<(string Key, object? Value)> pairs)
    {
        TagMap tags = [];
        foreach ((string key, object? value) in pairs)
        {
            object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
            if (plain is not (null or string or ValueType))
                throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotTags, key, string.Format(CultureInfo.CurrentCulture, Messages.NotText, plain.GetType().Name)));
            if (key.Length == 0 || tags.ContainsKey(key))
                throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotTags, key, key.Length == 0 ? Messages.TagWithoutKey : Messages.TagTwice));
            tags.Add(key, Text(plain));
        }

        return tags;
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
}
