using System.Diagnostics;
using System.Globalization;
using Authress.PinnedShell;

namespace Authress.Bench.StartUp;

/// <summary>Fresh shells.</summary>
internal static class FreshShell
{
    /// <summary>Runs a script that writes numbers.</summary>
    public static async Task<double[]> RunAsync(string script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = Pwsh.Start("-NoProfile", "-NonInteractive", "-Command", script);
        await using ChildProcess shell = ChildProcess.Start(start, environment);
        string output = await shell.ReadToEndAsync(cancellationToken);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }
}
