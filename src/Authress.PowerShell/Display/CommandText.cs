namespace Authress.PowerShell.Display;

/// <summary>How questions and messages name things.</summary>
internal static class CommandText
{
    /// <summary>A client by its name and id, or by its id alone where the name is not known.</summary>
    public static string Name(string clientId, string? name) =>
        PrintableText.Escape(string.IsNullOrEmpty(name) ? $"'{clientId}'" : $"'{name}' ({clientId})");
}
