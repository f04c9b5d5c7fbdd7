using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Text from a file's cell: an empty one means that nothing was given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value is null or "" ? null : LanguagePrimitives.ConvertTo<string>(value);
}
