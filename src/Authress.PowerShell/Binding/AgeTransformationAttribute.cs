using System.Globalization;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>
/// An age as a number of days, a time span, or the date it reaches back to. PowerShell's own conversion would take a
/// number for ticks of 100 nanoseconds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeTransformationAttribute : ArgumentTransformation
{
    // Dates that mean the same everywhere.
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "o"];

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        TimeSpan age => age,
        DateTime date => DateTime.UtcNow - date.ToUniversalTime(),
        DateTimeOffset date => DateTimeOffset.UtcNow - date,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) => TimeSpan.FromDays(days),
        string text when DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date) => DateTimeOffset.UtcNow - date,
        string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan age) => age,
        int or long or double or decimal => TimeSpan.FromDays(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotAnAge, value)),
    };
}
