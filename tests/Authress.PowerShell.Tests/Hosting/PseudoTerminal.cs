using System.Diagnostics;
using System.Text;
using Hex1b;
using Hex1b.Automation;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>A program at a pseudo-terminal: typed at as a person would, and read from an emulated screen.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    /// <summary>Ctrl+C, as a keyboard sends it.</summary>
    public const string CtrlC = "\u0003";

    /// <summary>Far more than any wait needs; only a hang takes it all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // PSReadLine keeps its history in the home folder, and the shell its caches.
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("authress-terminal-");
    private readonly Hex1bTerminalChildProcess _process;
    private readonly Hex1bTerminal _terminal;
    private readonly Hex1bTerminalAutomator _screen;
    private readonly Task<int> _run;

    private PseudoTerminal(ProcessStartInfo start)
    {
        Dictionary<string, string> environment = start.Environment.ToDictionary(variable => variable.Key, variable => variable.Value ?? string.Empty);
        foreach (string name in new[] { "NO_COLOR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME" })
            environment.Remove(name);
        environment["HOME"] = _home.FullName;
        environment["TERM"] = "xterm-256color";
        _process = new Hex1bTerminalChildProcess(start.FileName, [.. start.ArgumentList], _home.FullName, environment, inheritEnvironment: false, initialWidth: 120, initialHeight: 40);
        _terminal = Hex1bTerminal.CreateBuilder().WithWorkload(_process).WithHeadless().WithDimensions(120, 40).Build();
        _screen = new Hex1bTerminalAutomator(_terminal, Limit);
        _run = RunAsync();
    }

    /// <summary>The folder that the program starts in, which is gone afterwards.</summary>
    public string Home => _home.FullName;

    /// <summary>What the screen shows.</summary>
    public string Screen
    {
        get
        {
            using Hex1bTerminalSnapshot snapshot = _terminal.CreateSnapshot();
            return snapshot.GetScreenText();
        }
    }

    /// <summary>Starts a program; its standard streams are the terminal.</summary>
    public static PseudoTerminal Start(ProcessStartInfo start)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A Windows console is not driven through a Unix pseudo-terminal.");
        return new PseudoTerminal(start);
    }

    /// <summary>Sends keys.</summary>
    public Task TypeAsync(string keys) => _terminal.SendInputAsync(Encoding.UTF8.GetBytes(keys));

    /// <summary>Sends keys, and Enter.</summary>
    public Task EnterAsync(string keys) => TypeAsync(keys + "\r");

    /// <summary>Waits until the screen shows a text.</summary>
    public Task WaitForAsync(string text) => _screen.WaitUntilTextAsync(text);

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync() => _run.WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                // With its children: a shell that a program started would outlive it.
                using Process process = Process.GetProcessById(_process.ProcessId);
                process.Kill(entireProcessTree: true);
                await _run.WaitAsync(Limit);
            }
        }
        finally
        {
            await _terminal.DisposeAsync();
            _home.Delete(recursive: true);
        }
    }

    private async Task<int> RunAsync()
    {
        await _process.StartAsync();
        return await _terminal.RunAsync();
    }
}
