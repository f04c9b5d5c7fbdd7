using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Authress.Playground.Engines.Pwsh;

/// <summary>A PowerShell that is installed on this machine.</summary>
internal sealed partial class PwshProgram
{
    private readonly string _path;

    private PwshProgram(string path) => _path = path;

    /// <summary>The oldest PowerShell that the module's .NET build serves.</summary>
    public static Version OldestServed { get; } = new(7, 4);

    /// <summary>The pwsh on PATH; null where there is none, or only one that is too old.</summary>
    public static PwshProgram? Find()
    {
        // Not left to the operating system, which would look in the current directory as well.
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

        return path is not null && VersionOf(path) >= OldestServed ? new PwshProgram(path) : null;
    }

    /// <summary>A start of it that has to be told yet what to run.</summary>
    public ProcessStartInfo NewStart() => new(_path, ["-NoLogo", "-NoProfile"]);

    /// <summary>The version that a program states; null where it states none.</summary>
    private static Version? VersionOf(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo(path, ["--version"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Match version = VersionNumber().Match(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return version.Success ? Version.Parse(version.Value) : null;
    }

    // "PowerShell 7.6.5", or "PowerShell 7.7.0-preview.1".
    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex VersionNumber();
}
