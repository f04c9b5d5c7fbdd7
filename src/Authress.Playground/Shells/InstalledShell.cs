using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Authress.Playground.Shells;

/// <summary>A PowerShell on PATH that is recent enough for the module.</summary>
internal sealed partial record InstalledShell(string Path, Version Version)
{
    /// <summary>The oldest PowerShell that the module's .NET build serves.</summary>
    private static readonly Version OldestServed = new(7, 4);

    /// <summary>The <c>pwsh</c> on PATH; null if there is none, or only one that is too old.</summary>
    public static InstalledShell? Find()
    {
        // The operating system would also search the current directory.
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => System.IO.Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

        return path is not null && VersionOf(path) is Version version && version >= OldestServed ? new InstalledShell(path, version) : null;
    }

    /// <summary>The version that a program prints; null if it prints none.</summary>
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
