using System.Management.Automation;
using Authress.PowerShell.AccessKeys;

namespace Authress.PowerShell.Binding;

/// <summary>Accepts what Find-AuthressAccessKey returned, also as a copy from a job or a row of a CSV file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SightingTransformationAttribute : ArgumentTransformation
{
    /// <summary>Stands for a text, so that the cmdlet writes the error. PowerShell's own has the text, which may be a secret, as its target.</summary>
    internal static AccessKeySighting Text { get; } = new(path: null, line: 0, column: 0, string.Empty, string.Empty);

    private static readonly string[] Needed = [nameof(AccessKeySighting.Path), nameof(AccessKeySighting.Line), nameof(AccessKeySighting.ClientId), nameof(AccessKeySighting.KeyId)];

    private protected override object? Read(object? value) => value switch
    {
        null or AccessKeySighting => value,
        string => Text,
        PSObject copy when IsSighting(copy) => FromCopy(copy),
        _ => throw RefuseObject(Messages.NotASighting, value, nameof(TestAuthressAccessKeyCommand.InputObject)),
    };

    /// <summary>Whether an object is one, or a copy of one.</summary>
    internal static bool IsSighting(PSObject value) => value.BaseObject is AccessKeySighting || Array.TrueForAll(Needed, name => value.Properties[name] is not null);

    /// <summary>The sighting that an object is, or is a copy of.</summary>
    internal static AccessKeySighting ToSighting(PSObject value) => value.BaseObject as AccessKeySighting ?? FromCopy(value);

    private static AccessKeySighting FromCopy(PSObject copy)
    {
        if (Needed.Append(nameof(AccessKeySighting.Column)).Select(name => PipedProperty.FindUnreadable(copy, name, out _)).FirstOrDefault(why => why is not null) is { } unreadable)
            throw Refuse(unreadable);
        string path = PipedProperty.Text(copy, nameof(AccessKeySighting.Path));
        return new AccessKeySighting(
            path.Length > 0 ? path : null,
            Number(copy, nameof(AccessKeySighting.Line)),
            Number(copy, nameof(AccessKeySighting.Column)),
            PipedProperty.Text(copy, nameof(AccessKeySighting.ClientId)),
            PipedProperty.Text(copy, nameof(AccessKeySighting.KeyId)));
    }

    private static int Number(PSObject copy, string property) =>
        LanguagePrimitives.TryConvertTo(PipedProperty.Text(copy, property), out int number) ? number : 0;
}
