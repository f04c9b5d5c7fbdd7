using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// A grant as true, false, 1 or 0, also as text; empty means not given. Anything else is an error, since PowerShell itself
/// converts every text, even "false", to true.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BooleanTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) =>
        value is null or "" || (value is string text && string.IsNullOrWhiteSpace(text)) ? null : Parse(value) ?? throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value));

    /// <summary>The grant that a value represents; null if it is empty.</summary>
    internal static bool? Parse(object? value)
    {
        object? plain = Unwrap(value);
        string? text = plain switch
        {
            bool or SwitchParameter => LanguagePrimitives.ConvertTo<bool>(plain).ToString(),
            string or int or long => Convert.ToString(plain, CultureInfo.InvariantCulture)!.Trim(),
            _ => null,
        };
        return text?.ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        };
    }
}
