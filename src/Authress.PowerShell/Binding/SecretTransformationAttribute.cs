using System.Security;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a SecureString and nothing else. Without it PowerShell's own refusal of a plain string would quote the secret.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value is null or SecureString ? value : throw Refuse(Messages.NotAString);
}
