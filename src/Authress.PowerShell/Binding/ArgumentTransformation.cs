using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// The base of the transformations: unwraps what PowerShell passes and makes the two kinds of refusal.
/// </summary>
public abstract class ArgumentTransformation : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Read(TakesWords && TypedWord(inputData) is { } word ? word : Unwrap(inputData) is var value && value is DBNull ? null : value);

    /// <summary>Whether the parameter takes text, so that a word such as <c>4821L</c> or <c>007</c> is that word and no number.</summary>
    private protected virtual bool TakesWords => false;

    /// <summary>Turns an argument into what the parameter takes, or refuses it.</summary>
    /// <param name="value">The argument, unwrapped; an object made by hand stays a PSObject.</param>
    private protected abstract object? Read(object? value);

    /// <summary>The object itself; one made by hand, or a copy from another session, has nothing but its properties and stays.</summary>
    private protected static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>
    /// What was typed, where PowerShell read a word without quotes as a number; null for anything else. PowerShell keeps
    /// the word with the number where the two differ, as with <c>1e5</c>, and a whole number is the word that it is
    /// written as. Neither holds inside an array: there <c>007</c> has become 7 for good, so its numbers are no words.
    /// </summary>
    private static string? TypedWord(object? value)
    {
        object? plain = Unwrap(value);
        bool isWhole = plain is sbyte or byte or short or ushort or int or uint or long or ulong or System.Numerics.BigInteger;
        if (!isWhole && plain is not (float or double or decimal))
            return null;
        string word = LanguagePrimitives.ConvertTo<string>(value);
        return isWhole || word != LanguagePrimitives.ConvertTo<string>(plain) ? word : null;
    }

    /// <summary>A value that is wrong, as it may stand in a file of data. The binder shows the text and, for piped input, goes on with the next object.</summary>
    private protected static ArgumentTransformationMetadataException Refuse(string text) => new(PrintableText.Escape(text));

    /// <summary>
    /// A piped object that is not this parameter's. The binder then tries the object's properties instead, as it does
    /// where a cast fails.
    /// </summary>
    private protected static ArgumentTransformationMetadataException NotMine(string text) => new(PrintableText.Escape(text), new PSInvalidCastException(PrintableText.Escape(text)));
}
