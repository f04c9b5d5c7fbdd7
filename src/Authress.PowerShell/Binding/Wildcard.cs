using System.Management.Automation;
using Authress.PowerShell.Errors;

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

    /// <summary>The error of a client id with a wildcard; null where there is none.</summary>
    /// <param name="clientId">The id; null for a client yet to be created.</param>
    public static ErrorRecord? FindInClientId(string? clientId) =>
        clientId is not null && WildcardPattern.ContainsWildcardCharacters(clientId) ? ErrorFactory.WildcardInClientId(clientId) : null;

    /// <summary>The error of a key id with a wildcard; null where there is none.</summary>
    public static ErrorRecord? FindInKeyId(string clientId, string keyId) =>
        WildcardPattern.ContainsWildcardCharacters(keyId) ? ErrorFactory.WildcardInKeyId(clientId, keyId) : null;
}
