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

    // Like the parameter, a property may hold several ids.
    private static string[] Texts(PSObject? piped, string property) => piped?.BaseObject is null or string ? [] : piped.Properties[property]?.Value switch
    {
        null => [],
        string text => text.Length > 0 ? [text] : [],
        var value => [.. LanguagePrimitives.ConvertTo<object?[]>(value).Select(item => item?.ToString()).OfType<string>().Where(text => text.Length > 0)],
    };
}
