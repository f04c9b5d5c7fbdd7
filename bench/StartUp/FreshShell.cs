using System.Globalization;

namespace Authress.Bench.StartUp;

/// <summary>Shells in which nothing has happened yet: pwsh where it is, else the engine that this program brings.</summary>
internal static class FreshShell
{
    public static string Name => Programs.Pwsh is null ? "the engine that these benchmarks bring" : "pwsh";

    /// <summary>Runs a script that puts out numbers.</summary>
    public static async Task<double[]> RunAsync(string script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await using ChildProcess shell = Programs.Pwsh is null
            ? ChildProcess.StartSelf(["shell", script], environment)
            : ChildProcess.Start(Programs.Pwsh, ["-NoProfile", "-NonInteractive", "-Command", script], environment);
        string output = await shell.ReadToEndAsync(cancellationToken);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }
}
