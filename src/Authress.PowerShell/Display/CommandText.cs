using System.Globalization;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Display;

/// <summary>Texts that cmdlets show: questions, warnings and the URL of their help.</summary>
internal static class CommandText
{
    /// <summary>The folder of the online help, one page a cmdlet, each named after it.</summary>
    public const string HelpPages = "https://github.com/Authress/authress-sdk.powershell/blob/main/docs/";

    /// <summary>Fills in a message. Values may come from elsewhere, such as a name, so control characters are escaped.</summary>
    public static string Format(string format, params object?[] values) => PrintableText.Escape(string.Format(CultureInfo.CurrentCulture, format, values));

    /// <summary>A client by its name and id, or by its id alone where the name is not known.</summary>
    public static string Name(string clientId, string? name) =>
        PrintableText.Escape(string.IsNullOrEmpty(name) ? $"'{clientId}'" : $"'{name}' ({clientId})");

    /// <summary>An input as a message names it. A key is named with its client.</summary>
    public static string NameInput(object? target, string? clientId) =>
        target is string text && clientId is not null && text != clientId ? $"{text}' of '{clientId}" : ErrorFactory.Name(target);
}
