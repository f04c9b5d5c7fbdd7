using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Parses wildcard patterns.</summary>
internal static class Wildcard
{
    /// <summary>Parses a pattern and verifies it. PowerShell itself reports an invalid one only on first use.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="options">How it matches.</param>
    /// <exception cref="WildcardPatternException">The pattern is invalid, such as one with an unclosed bracket.</exception>
    public static WildcardPattern Parse(string pattern, WildcardOptions options)
    {
        WildcardPattern parsed = new(pattern, options);
        parsed.IsMatch(string.Empty);
        return parsed;
    }
}
