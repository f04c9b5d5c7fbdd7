using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>A token's lifetime as a time span. A number is refused, since PowerShell converts one to ticks.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LifetimeTransformationAttribute : ArgumentTransformation
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    // The lifetime of the tokens that the connection itself uses.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private protected override object? Read(object? value)
    {
        TimeSpan lifetime = value switch
        {
            TimeSpan span => span,
            string text when text.Any(c => c == ':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
            _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotALifetime, value)),
        };
        return lifetime >= Shortest && lifetime <= Longest ? lifetime : throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.LifetimeRange, lifetime));
    }
}
