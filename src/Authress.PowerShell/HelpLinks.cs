namespace Authress.PowerShell;

/// <summary>Where the help lies online, for Get-Help -Online.</summary>
internal static class HelpLinks
{
    /// <summary>The folder of the pages, one a cmdlet, each named after it.</summary>
    public const string Base = "https://github.com/Authress/authress-sdk.powershell/blob/main/docs/";
}
