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
    private protected override object? Read(object? value) => value switch
    {
        null => null,
        bool or SwitchParameter => LanguagePrimitives.ConvertTo<bool>(value),
        string text => ReadText(text.Trim()),
        int or long => ReadText(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value)),
    };

    private static object? ReadText(string text) => text.ToUpperInvariant() switch
    {
        "" => null,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, text)),
    };
}
