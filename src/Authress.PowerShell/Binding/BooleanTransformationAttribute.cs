using System.Globalization;
using System.Numerics;

namespace Authress.PowerShell.Binding;

/// <summary>
/// A grant as true, false, 1 or 0, also as text; empty means not given. Anything else is an error, since PowerShell itself
/// converts every text, even "false", to true.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BooleanTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) =>
        value is null || (value is string text && string.IsNullOrWhiteSpace(text)) ? null : Parse(value) ?? throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value));

    /// <summary>The grant that a value stands for; null where it stands for none.</summary>
    internal static bool? Parse(object? value) => Unwrap(value) switch
    {
        bool truth => truth,
        string text => FromText(text.Trim()),
        BigInteger number => FromNumber((double)number),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => FromNumber(Convert.ToDouble(Unwrap(value), CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static bool? FromText(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    // As from a database, whose columns of flags may be numbers of any type.
    private static bool? FromNumber(double number) => number switch
    {
        1 => true,
        0 => false,
        _ => null,
    };
}
