using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Stands for a row where text belongs that PowerShell can bind from a property of the row. PowerShell tries the piped row
/// itself first. A value of another type makes it go on to the property, as does an exception, but that takes several times
/// as long as the rest of the binding.
/// </summary>
internal sealed class NoText
{
    // Not a character, so no one has it in a name.
    private const string Text = "\uFFFFrow";

    private NoText()
    {
    }

    /// <summary>The only instance.</summary>
    public static NoText Instance { get; } = new();

    /// <summary>Whether a text was converted from it.</summary>
    /// <param name="value">The text.</param>
    public static bool IsConverted(object? value) => value is Text;

    /// <summary>On the command line, PowerShell converts it to this text.</summary>
    public override string ToString() => Text;
}

/// <summary>Refuses a row as an argument, for which <see cref="TextTransformationAttribute.Property" /> is set.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateTextAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc />
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (NoText.IsConverted(arguments))
            throw new ValidationMetadataException(string.Format(CultureInfo.CurrentCulture, Messages.NotText, nameof(PSCustomObject)));
    }
}
