using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Accepts a SecureString, or the secret of a new access key. PowerShell's own error for a plain string would quote the
/// secret.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformation
{
    /// <summary>Stands for a plain string; see <see cref="PassesStrings" />.</summary>
    internal static SecureString PlainString { get; } = new();

    /// <summary>
    /// Whether a plain string becomes <see cref="PlainString" />, so that the cmdlet writes the error. PowerShell's own error for
    /// piped input has the string as its target.
    /// </summary>
    public bool PassesStrings { get; set; }

    private protected override object? Read(object? value) => value switch
    {
        null or SecureString => value,
        IssuedAccessKey key => key.AccessKey,
        PlainTextAccessKey key => Protect(key.AccessKey),
        PSObject copy when copy.TypeNames.Contains("Deserialized." + typeof(PlainTextAccessKey).FullName) => Protect(copy.Properties[nameof(AccessKey)]?.Value as string),
        string => PassesStrings ? PlainString : throw Refuse(Messages.NotAString),
        _ => throw RefuseObject(Messages.NotASecret, value, nameof(IssuedAccessKey.AccessKey)),
    };

    private static SecureString? Protect(string? text) => text is null ? null : SecretText.Protect(text);
}
