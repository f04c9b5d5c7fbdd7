using System.Diagnostics;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Playground;

/// <summary>The playground run as a person would run it, in a process of its own.</summary>
internal static class PlaygroundProcess
{
    /// <summary>The playground as it was built.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        Shell.RepositoryRoot, "src", "Authress.Playground", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Authress.Playground.dll"));

    public static Task<ProcessResult> RunCommandAsync(string script) => RunAsync("-Command", script);

    public static Task<ProcessResult> RunAsync(params string[] arguments) => RunAsync(environment: [], arguments);

    public static Task<ProcessResult> RunAsync(Dictionary<string, string> environment, params string[] arguments) =>
        ChildProcess.RunAsync(Start(environment, arguments));

    /// <summary>The environment that names an account.</summary>
    public static Dictionary<string, string> Environment(EmulatorServer account) =>
        new() { ["AUTHRESS_API_URL"] = account.ApiUrl.ToString(), ["AUTHRESS_KEY"] = account.AccessKey };

    /// <summary>Describes a start of the playground.</summary>
    public static ProcessStartInfo Start(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments]);

        // Neither an account nor the modules of whoever runs the tests are the tests' business.
        foreach (string name in new[] { "PSModulePath", "AUTHRESS_API_URL", "AUTHRESS_KEY", "COLUMNS", "NO_COLOR" })
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
