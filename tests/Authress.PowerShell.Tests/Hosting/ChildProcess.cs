using System.Diagnostics;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>A program run to its end in a process of its own, with its streams redirected and nothing on its input.</summary>
internal static class ChildProcess
{
    /// <summary>Far more than any of these runs needs; only a hang takes it all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script file in the pinned shell.</summary>
    /// <param name="file">The script.</param>
    /// <param name="environment">What to add to the environment.</param>
    public static Task<ProcessResult> RunScriptAsync(string file, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NonInteractive", "-File", file);
        start.Environment["NO_COLOR"] = "1";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return RunAsync(start);
    }

    /// <summary>Runs a program.</summary>
    /// <param name="start">The program, its arguments and its environment.</param>
    /// <param name="started">Called once it runs.</param>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start, Action<Process>? started = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        started?.Invoke(process);
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>What a process left behind.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of the output that are not blank, without the blanks at their ends.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
