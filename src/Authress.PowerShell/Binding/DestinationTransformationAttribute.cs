using System.Collections;
using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Destinations: paths, files, and objects or hashtables with an OutFile or a SecretName. Anything else is an error: as text, a
/// secret or a process would be the name of a file that does not exist.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DestinationTransformationAttribute : ArgumentTransformation
{
    private static readonly string[] Names = [nameof(AccessKeyRotation.OutFile), nameof(AccessKeyRotation.SecretName)];
    private static readonly string[] Members = [.. Names.Append(nameof(AccessKeyRotation.VaultName))];

    private protected override bool ReadsText => true;

    private protected override object? Read(object? value) => value is IEnumerable list and not (string or IDictionary)
        ? list.Cast<object?>().SelectMany(ItemsOf).Select(Check).ToArray()
        : Check(value);

    // Rows beside other destinations, as in: a.key, (Import-Csv b.csv).
    private static IEnumerable<object?> ItemsOf(object? item) => Unwrap(item) is IList rows and not IDictionary ? rows.Cast<object?>() : [item];

    private static object? Check(object? item)
    {
        object? value = Unwrap(item);
        if (value is PathInfo path)
            return WildcardPattern.Escape(path.Path);
        if (value is null or FileSystemInfo)
            return value;
        if (PlainText.From(value) is { } text)
            return Redaction.Hide(text) == text ? text : throw Refuse(Messages.CredentialMisplaced);
        if (!Array.Exists(Names, name => Has(item!, name)))
            throw NotText(value, Messages.NotADestination);
        foreach (string name in Members)
        {
            if (Member(item!, name) is { } member and not FileSystemInfo && PlainText.From(member) is null)
                throw NotText(member, Messages.NotText);
        }

        return item;
    }

    private static bool Has(object item, string name) => Unwrap(item) is IDictionary table ? table.Contains(name) : PSObject.AsPSObject(item).Properties[name] is not null;

    private static object? Member(object item, string name)
    {
        if (Unwrap(item) is IDictionary table)
            return Unwrap(table[name]);
        return PipedProperty.FindUnreadable(PSObject.AsPSObject(item), name, out PSPropertyInfo? property) is { } unreadable ? throw Refuse(unreadable) : Unwrap(property?.Value);
    }

    private static ArgumentTransformationMetadataException NotText(object value, string message) =>
        Refuse(InvariantText.Format(value is SecureString or PSCredential ? Messages.SecretForText : message, PlainText.Unwrap(value)!.GetType().Name));
}
