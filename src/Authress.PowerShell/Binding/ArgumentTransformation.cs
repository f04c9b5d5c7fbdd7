using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// The base of the transformations: unwraps what PowerShell passes and makes the two kinds of refusal.
/// </summary>
public abstract class ArgumentTransformation : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Read(Unwrap(inputData) is var value && value is DBNull ? null : value);

    /// <summary>Turns an argument into what the parameter takes, or refuses it.</summary>
    /// <param name="value">The argument, unwrapped; an object made by hand stays a PSObject.</param>
    private protected abstract object? Read(object? value);

    /// <summary>The object itself; one made by hand, or a copy from another session, has nothing but its properties and stays.</summary>
    private protected static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>A value that is wrong. The binder shows the text and, for piped input, goes on with the next object.</summary>
    private protected static ArgumentTransformationMetadataException Refuse(string text) => new(text);

    /// <summary>
    /// A piped object that is not this parameter's. The binder then tries the object's properties instead, as it does
    /// where a cast fails.
    /// </summary>
    private protected static ArgumentTransformationMetadataException NotMine(string text) => new(text, new PSInvalidCastException(text));
}
