using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>The overlap of a rotation as a time span, or 0. Any other number is refused, since PowerShell converts one to ticks.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PeriodTransformationAttribute : ArgumentTransformation
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private protected override object? Read(object? value)
    {
        TimeSpan period = value switch
        {
            TimeSpan span => span,
            0 or "0" => TimeSpan.Zero,
            string text when IsDaysInDisguise(text) => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.PeriodOfDays, value)),
            string text when text.Any(c => c == ':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) => span,
            _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotAPeriod, value)),
        };
        bool isTicks = period > TimeSpan.Zero && period < TimeSpan.FromSeconds(1);
        return period >= TimeSpan.Zero && period <= Longest && !isTicks ? period : throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.PeriodRange, period));
    }

    // .NET takes 24:00:00 for 24 days, and 23:00:00 for hours.
    private static bool IsDaysInDisguise(string text) => text.Split(':') is [{ } hours, _, _] && int.TryParse(hours, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number > 23;
}
