namespace System;

internal static class StringReplacement
{
    /// <summary>.NET Framework's own replacement is ordinal and knows no other.</summary>
    public static string Replace(this string text, string old, string replacement, StringComparison comparison) =>
        comparison == StringComparison.Ordinal ? text.Replace(old, replacement) : throw new ArgumentOutOfRangeException(nameof(comparison));
}
