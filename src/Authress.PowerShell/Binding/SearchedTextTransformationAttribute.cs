using System.Collections;
using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Text to search, or a list of texts. A file or folder is refused, so that PowerShell binds its path. Any other object becomes
/// <see cref="Unusable" />, so that the cmdlet writes the error: PowerShell's own would be about parameter sets.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchedTextTransformationAttribute : ArgumentTransformation
{
    // By what a file or folder binds to -LiteralPath.
    private static readonly string[] PathProperties = ["LiteralPath", "PSPath", "FullName", "LP"];

    /// <summary>Stands for an object that can't be searched. Compared by reference.</summary>
    internal static string Unusable { get; } = new('\0', 1);

    private protected override bool ReadsText => true;

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        IEnumerable list and not (string or IDictionary) => list.Cast<object?>().Select(item => Text(Unwrap(item))).ToArray(),
        _ => Text(value),
    };

    private static string? Text(object? value) => value switch
    {
        null => null,
        SecureString or PSCredential => throw Refuse(InvariantText.Format(Messages.SecretForText, value.GetType().Name)),
        _ => PlainText.From(value) ?? (HasAny(PSObject.AsPSObject(value), PathProperties) ? throw RefuseObject(Messages.NotSearchable) : Unusable),
    };
}
