using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// The base of the transformations: unwraps PowerShell's objects and creates the exceptions that refuse a value.
/// </summary>
public abstract class ArgumentTransformation : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        IsTotalCount(inputData) ? throw Refuse(Messages.TotalCountPiped)
        : Read(ReadsText && TypedText(inputData) is { } text ? text : Unwrap(inputData) is var value && value is DBNull ? null : value);

    /// <summary>Whether the parameter accepts text, so that an unquoted <c>4821L</c> or <c>007</c> stays that text.</summary>
    private protected virtual bool ReadsText => false;

    /// <summary>Converts an argument to a value of the parameter, or refuses it.</summary>
    /// <param name="value">The argument, unwrapped; a custom object stays a PSObject.</param>
    private protected abstract object? Read(object? value);

    /// <summary>The wrapped object. A custom or deserialized object has only its properties, and stays wrapped.</summary>
    internal static object? Unwrap(object? value) => value switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapped => Unwrap(wrapped.BaseObject),
        SwitchParameter given => given.IsPresent,
        _ => value,
    };

    /// <summary>
    /// The text of an unquoted argument that PowerShell parsed as a number; null for anything else. PowerShell keeps the text
    /// beside the number where they differ, as with <c>1e5</c>. In an array it does not, so <c>007</c> becomes 7.
    /// </summary>
    private static string? TypedText(object? value)
    {
        object? plain = Unwrap(value);
        bool isWhole = plain is sbyte or byte or short or ushort or int or uint or long or ulong or System.Numerics.BigInteger;
        if (!isWhole && plain is not (float or double or decimal))
            return null;
        string text = LanguagePrimitives.ConvertTo<string>(value);
        return isWhole || text != LanguagePrimitives.ConvertTo<string>(plain) ? text : null;
    }

    // What -IncludeTotalCount writes before the objects.
    private static bool IsTotalCount(object? value) => value is PSObject { BaseObject: ulong } count && count.Properties["Accuracy"] is not null;

    /// <summary>An invalid value. The binder reports the text and, for piped input, continues with the next object.</summary>
    private protected static ArgumentTransformationMetadataException Refuse(string text) => new(PrintableText.ForMessage(text));

    /// <summary>
    /// A piped object that belongs to another parameter. The binder then tries the object's properties, as after a failed
    /// cast.
    /// </summary>
    private protected static ArgumentTransformationMetadataException RefuseObject(string text) => new(PrintableText.ForMessage(text), new PSInvalidCastException(PrintableText.ForMessage(text)));

    /// <summary>A piped object of which the binder then reads a property, unless that can't be read.</summary>
    private protected static ArgumentTransformationMetadataException RefuseObject(string text, object value, string property) =>
        PipedProperty.FindUnreadable(PSObject.AsPSObject(value), property, out _) is { } unreadable ? Refuse(unreadable) : RefuseObject(text);

    /// <summary>Whether a piped object has one of these properties. One that can't be read refuses the object: PowerShell would end the pipeline.</summary>
    private protected static bool HasAny(PSObject piped, string[] names)
    {
        bool hasAny = false;
        foreach (string name in names)
        {
            if (PipedProperty.FindUnreadable(piped, name, out PSPropertyInfo? property) is { } unreadable)
                throw Refuse(unreadable);
            hasAny |= property is not null;
        }

        return hasAny;
    }
}
