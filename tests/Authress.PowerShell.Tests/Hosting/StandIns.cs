namespace Authress.PowerShell.Tests.Hosting;

/// <summary>Modules that stand in for others in the tests.</summary>
internal static class StandIns
{
    /// <summary>SecretManagement, with a vault for each kind of trouble.</summary>
    public static string SecretManagement { get; } =
        Path.Combine(Shell.RepositoryRoot, "tests", "StandIns", "Microsoft.PowerShell.SecretManagement", "Microsoft.PowerShell.SecretManagement.psd1");
}
