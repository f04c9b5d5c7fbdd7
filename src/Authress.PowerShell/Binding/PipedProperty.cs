using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Reads the properties of a piped object, bound by PowerShell or not.</summary>
internal static class PipedProperty
{
    /// <summary>A property of a piped object as text; empty if there is none.</summary>
    public static string Text(PSObject? piped, string property) => string.Join(", ", Texts(piped, property));

    /// <summary>The first bound id that the piped object does not have; null if there is no contradiction.</summary>
    public static string? Contradicted(PSObject? piped, string property, string[] ids)
    {
        string[] own = Texts(piped, property);
        return own.Length == 0 ? null : ids.FirstOrDefault(id => !own.Contains(id));
    }

    /// <summary>
    /// What is wrong with a property whose value can't be read, such as a script property that throws; null where it can, or
    /// there is none. PowerShell itself would end the whole pipeline.
    /// </summary>
    /// <param name="piped">The object.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="property">The property; null where there is none.</param>
    public static string? FindUnreadable(PSObject piped, string name, out PSPropertyInfo? property)
    {
        property = piped.Properties[name];
        try
        {
            if (property is not (null or PSNoteProperty))
                _ = property.Value;
            return null;
        }
        catch (GetValueException e)
        {
            return string.Format(CultureInfo.CurrentCulture, Messages.UnreadableProperty, property!.Name, e.GetBaseException().Message);
        }
    }

    /// <summary>The value of a property; null where there is none, or it can't be read.</summary>
    public static object? Value(PSObject piped, string name) => FindUnreadable(piped, name, out PSPropertyInfo? property) is null ? property?.Value : null;

    // Like the parameter, a property may hold several ids.
    private static string[] Texts(PSObject? piped, string property) => piped?.BaseObject is null or string ? [] : Value(piped, property) switch
    {
        null => [],
        string text => text.Length > 0 ? [text] : [],
        var value => [.. LanguagePrimitives.ConvertTo<object?[]>(value).Select(item => item?.ToString()).OfType<string>().Where(text => text.Length > 0)],
    };
}
