using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>Takes a proxy's URL. PowerShell's own refusal of what is not a URL would quote the password in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProxyTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value switch
    {
        string text when Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? url) => url,
        string text => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.ProxyUnusable, Redaction.HideUserInfo(text))),
        _ => value,
    };
}
