using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a public key as text, as lines of text, as its bytes, or as the access key that it belongs to. PowerShell would
/// convert the access key to its id, which no public key equals.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PublicKeyTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value switch
    {
        null or string => value,
        byte[] bytes => Convert.ToBase64String(bytes),
        AccessKey key => key.PublicKey,
        PSObject copy when copy.Properties[nameof(AccessKey.PublicKey)]?.Value is { } key => key.ToString(),
        object[] lines when lines.All(line => Unwrap(line) is string) => string.Join("\n", lines),
        _ => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.NotText, Unwrap(value)!.GetType().Name)),
    };
}
