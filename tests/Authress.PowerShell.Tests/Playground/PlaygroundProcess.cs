using System.Diagnostics;
using System.Reflection;

namespace Authress.PowerShell.Tests.Playground;

/// <summary>The playground run as a person would run it: in a process of its own, with its streams redirected.</summary>
internal static class PlaygroundProcess
{
    /// <summary>Far more than any of these runs needs; only a hang takes it all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string Program = Locate();

    public static Task<PlaygroundResult> RunCommandAsync(string script) => RunAsync("-Engine", "Embedded", "-Command", script);

    public static Task<PlaygroundResult> RunAsync(params string[] arguments) => RunAsync(environment: [], arguments);

    public static async Task<PlaygroundResult> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Neither an account nor the modules of whoever runs the tests are the tests' business.
        foreach (string name in new[] { "PSModulePath", "AUTHRESS_API_URL", "AUTHRESS_KEY", "COLUMNS", "NO_COLOR" })
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new PlaygroundResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Locate()
    {
        Dictionary<string, string?> built = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value);

        return Path.GetFullPath(Path.Combine(
            built["RepositoryRoot"]!, "src", "Authress.Playground", "bin", built["Configuration"]!, "net10.0", "Authress.Playground.dll"));
    }
}

internal sealed record PlaygroundResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of the output that are not blank, without the blanks at their ends.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
