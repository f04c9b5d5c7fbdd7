using System.Collections;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Refuses what looks like an access key, a token or a password. For parameters that are not text: PowerShell's own refusal would quote
/// it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoCredentialTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value)
    {
        IEnumerable<object?> items = value is IEnumerable and not string ? ((IEnumerable)value).Cast<object?>().Select(Unwrap) : [value];
        return items.OfType<string>().Any(text => Redaction.Hide(text) != text) ? throw Refuse(Messages.CredentialMisplaced) : value;
    }
}
