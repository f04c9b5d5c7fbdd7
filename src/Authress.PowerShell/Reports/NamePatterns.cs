using System.Management.Automation;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.Reports;

/// <summary>The names of the files that are searched.</summary>
/// <param name="include">-Include.</param>
/// <param name="exclude">-Exclude.</param>
/// <exception cref="WildcardPatternException">A pattern is invalid.</exception>
internal sealed class NamePatterns(string[]? include, string[]? exclude)
{
    private readonly WildcardPattern[]? _include = Parse(include);
    private readonly WildcardPattern[]? _exclude = Parse(exclude);

    /// <summary>Whether a file of this name is searched.</summary>
    public bool Includes(string name) => _include is null || Matches(_include, name);

    /// <summary>Whether a file or folder of this name is left out.</summary>
    public bool Excludes(string name) => _exclude is not null && Matches(_exclude, name);

    private static bool Matches(WildcardPattern[] patterns, string name) => Array.Exists(patterns, pattern => pattern.IsMatch(name));

    private static WildcardPattern[]? Parse(string[]? patterns) =>
        patterns is null ? null : [.. patterns.Select(pattern => Wildcard.Parse(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];
}
