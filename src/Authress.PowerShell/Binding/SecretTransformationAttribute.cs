using System.Security;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Accepts a SecureString, or the one in a new access key. PowerShell's own error for a plain string would quote the
/// secret.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value switch
    {
        null or SecureString => value,
        IssuedAccessKey key => key.AccessKey,
        string => throw Refuse(Messages.NotAString),
        _ => throw RefuseObject(Messages.NotASecret),
    };
}
