using System.Globalization;

namespace Authress.Client.Rotations;

/// <summary>A rotation can't begin, go on or end. Says what holds now.</summary>
public sealed class RotationException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="errorId">The name of the text in the resources.</param>
    /// <param name="inner">The cause; null for none.</param>
    /// <param name="values">The values of its placeholders.</param>
    internal RotationException(string errorId, Exception? inner, params object?[] values)
        : base(InvariantText.Format(Messages.ResourceManager.GetString(errorId, CultureInfo.CurrentUICulture)!, values), inner) => (ErrorId, Values) = (errorId, values);

    /// <summary>The name of the text in the resources, which is the error's id.</summary>
    public string ErrorId { get; }

    /// <summary>The values of the text's placeholders.</summary>
    public IReadOnlyList<object?> Values { get; }

    /// <summary>The new key with its secret, where the destination may not hold it; null otherwise.</summary>
    public IssuedAccessKey? NewKey { get; init; }
}
