using System.Globalization;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Display;

/// <summary>Formats the texts of cmdlets: prompts, warnings and the URL of their help.</summary>
internal static class CommandText
{
    /// <summary>The folder of the online help, with a page named after each cmdlet.</summary>
    public const string HelpPages = "https://github.com/Authress/authress-sdk.powershell/blob/main/docs/";

    /// <summary>Fills in a message. Values such as names may come from elsewhere, so control characters are escaped and credentials hidden.</summary>
    public static string Format(string format, params object?[] values) => PrintableText.ForMessage(string.Format(CultureInfo.CurrentCulture, format, values));

    /// <summary>A client by its name and id, or only its id if the name is unknown.</summary>
    public static string Name(string clientId, string? name) =>
        PrintableText.ForMessage(string.IsNullOrEmpty(name) ? $"'{clientId}'" : $"'{name}' ({clientId})");

    /// <summary>The name of an input in messages. The name of a key includes its client.</summary>
    public static string NameInput(object? target, string? clientId) =>
        target is string text && clientId is not null && text != clientId ? InvariantText.Format(Messages.KeyOfClient, text, clientId) : ErrorFactory.Name(target);
}
