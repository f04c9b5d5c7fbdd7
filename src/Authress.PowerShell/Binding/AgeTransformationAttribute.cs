using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>
/// An age as a number of days, a time span, or a date in the past. PowerShell itself converts a number to
/// ticks of 100 nanoseconds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeTransformationAttribute : ArgumentTransformation
{
    // Date formats that mean the same in every culture.
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "o"];

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        TimeSpan age => Past(age, value),
        DateTime date => DateTime.UtcNow - date.ToUniversalTime(),
        DateTimeOffset date => DateTimeOffset.UtcNow - date,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) => Past(Days(days, value), value),
        string text when DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date) => DateTimeOffset.UtcNow - date,
        string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan age) => Past(age, value),
        int or long or double or decimal => Past(Days(Convert.ToDouble(value, CultureInfo.InvariantCulture), value), value),
        _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotAnAge, value)),
    };

    // Every key is older than a negative age, and a script could delete them all.
    private static TimeSpan Past(TimeSpan age, object value) =>
        age >= TimeSpan.Zero ? age : throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NegativeAge, value));

    private static TimeSpan Days(double days, object value)
    {
        try
        {
            return TimeSpan.FromDays(days);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotAnAge, value));
        }
    }
}
