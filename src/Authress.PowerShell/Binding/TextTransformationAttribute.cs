using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Text; empty means not given. A list or an object is an error, because it would become text such as
/// <c>System.Collections.Hashtable</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextTransformationAttribute : ArgumentTransformation
{
    private protected override bool ReadsText => true;

    private protected override object? Read(object? value) => value switch
    {
        null or "" => null,
        string => value,
        IEnumerable or PSObject => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotText, Unwrap(value)!.GetType().Name)),
        _ => LanguagePrimitives.ConvertTo<string>(value),
    };
}
