using System.Globalization;
using System.Management.Automation;
using Authress.Client.AccessKeys;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a public key as text, as lines of text, as its bytes, or as the access key that it belongs to. PowerShell would
/// convert the access key to its id, which no public key equals.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PublicKeyTransformationAttribute : ArgumentTransformation
{
    // How the forms begin that can't be an id: OpenSSH lines, PEM and JWK.
    private static readonly string[] Beginnings = ["ssh-", "ecdsa-", "sk-", "-----BEGIN", "{"];

    /// <summary>Whether text and objects that are no public key belong to another parameter, which binds the pipeline as well.</summary>
    public bool LeavesOtherText { get; set; }

    private protected override object? Read(object? value) =>
        ToText(value) is string text && LeavesOtherText && !IsPublicKey(text) ? throw RefuseObject(Messages.NotAPublicKey) : ToText(value);

    private object? ToText(object? value) => value switch
    {
        null or string => value,
        byte[] bytes => Convert.ToBase64String(bytes),
        AccessKey or PSObject when LeavesOtherText => throw RefuseObject(Messages.NotAPublicKey),
        AccessKey key => key.PublicKey,
        PSObject copy when copy.Properties[nameof(AccessKey.PublicKey)]?.Value is { } key => key.ToString(),
        object[] lines when lines.All(line => Unwrap(line) is string) => string.Join("\n", lines),
        _ => throw Wrong(string.Format(CultureInfo.CurrentCulture, Messages.NotText, Unwrap(value)!.GetType().Name)),
    };

    private static bool IsPublicKey(string text) =>
        Array.Exists(Beginnings, beginning => text.TrimStart().StartsWith(beginning, StringComparison.Ordinal)) || PublicKeyText.IsPublicKey(text);

    private ArgumentTransformationMetadataException Wrong(string text) => LeavesOtherText ? RefuseObject(text) : Refuse(text);
}
