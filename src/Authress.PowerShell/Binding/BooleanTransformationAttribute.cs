using System.Globalization;
using System.Management.Automation;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>
/// A grant from a file's cell: true, false, 1 or 0, and an empty one means that nothing was given. Anything else is an
/// error: PowerShell's own conversion takes every text, even "false", for true.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BooleanTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) =>
        value is null or "" || (value is string text && string.IsNullOrWhiteSpace(text)) ? null : Parse(value) ?? throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value));

    /// <summary>A grant out of a value; null where it is none.</summary>
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
