using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Patterns that users give.</summary>
internal static class Wildcard
{
    /// <summary>A pattern that can be used. PowerShell finds a mistake in one only when it is first used.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="options">How it is compared.</param>
    /// <exception cref="WildcardPatternException">It can't be read, such as one with a bracket that is never closed.</exception>
    public static WildcardPattern Parse(string pattern, WildcardOptions options)
    {
        WildcardPattern parsed = new(pattern, options);
        parsed.IsMatch(string.Empty);
        return parsed;
    }
}
