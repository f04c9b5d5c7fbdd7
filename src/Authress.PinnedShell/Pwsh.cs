using System.Diagnostics;
using System.Reflection;

namespace Authress.PinnedShell;

/// <summary>The PowerShell that this repository pins in <c>.config/dotnet-tools.json</c>; the build restores it.</summary>
public static class Pwsh
{
    /// <summary>The full path of its <c>pwsh.dll</c>, which <c>dotnet</c> runs.</summary>
    public static string Program { get; } = Metadata("Program");

    /// <summary>Its version.</summary>
    public static string Version { get; } = Metadata("Version");

    /// <summary>Whether it was restored.</summary>
    public static bool IsRestored => File.Exists(Program);

    /// <summary>Creates the description of a shell process.</summary>
    /// <param name="arguments">The arguments of <c>pwsh</c>.</param>
    /// <exception cref="FileNotFoundException">The shell was not restored.</exception>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        IsRestored
            ? Quiet(new ProcessStartInfo("dotnet", [Program, .. arguments]))
            : throw new FileNotFoundException($"PowerShell {Version} is not restored. Run: dotnet build", Program);

    /// <summary>Turns off the shell's telemetry and update check.</summary>
    public static ProcessStartInfo Quiet(ProcessStartInfo start)
    {
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return start;
    }

    private static string Metadata(string key) =>
        typeof(Pwsh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
