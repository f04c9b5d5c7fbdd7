using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace Authress.PowerShell.Binding;

/// <summary>
/// An age as a number of days, a time span, or a date in the past. PowerShell itself converts a number to
/// ticks of 100 nanoseconds.
/// </summary>
/// <remarks>Every key is older than an age below zero, and a script could delete them all. So a date in the future is an error, as is a time span that was meant as days.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeTransformationAttribute : ArgumentTransformation
{
    // Date formats that mean the same in every culture.
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "o"];

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        TimeSpan age => age >= TimeSpan.Zero && age < TimeSpan.FromMinutes(1) ? throw Wrong(Messages.AgeInTicks, age.Ticks) : Past(age, value),
        DateTime date => Since(date.ToUniversalTime(), value),
        DateTimeOffset date => Since(date.UtcDateTime, value),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) => Past(Days(days, value), value),
        string text when DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset date) => Since(date.UtcDateTime, value),
        string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan age) => Past(age, value),
        BigInteger days => Past(Days((double)days, value), value),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => Past(Days(Convert.ToDouble(value, CultureInfo.InvariantCulture), value), value),
        _ => throw Wrong(Messages.NotAnAge, value),
    };

    private static TimeSpan Past(TimeSpan age, object value) => age >= TimeSpan.Zero ? age : throw Wrong(Messages.NegativeAge, value);

    private static TimeSpan Since(DateTime date, object value)
    {
        TimeSpan age = DateTime.UtcNow - date;
        return age >= TimeSpan.Zero ? age : throw Wrong(Messages.FutureAge, value);
    }

    private static TimeSpan Days(double days, object value)
    {
        try
        {
            return TimeSpan.FromDays(days);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw Wrong(Messages.NotAnAge, value);
        }
    }

    private static ArgumentTransformationMetadataException Wrong(string message, object value) => Refuse(string.Format(CultureInfo.CurrentCulture, message, value));
}
