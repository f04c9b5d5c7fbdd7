using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Playground;

/// <summary>Which shell the playground starts, and how.</summary>
public sealed class ShellTests
{
    [Fact]
    public async Task The_pinned_shell_runs_though_another_one_is_first_on_PATH()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script is no pwsh.exe.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-path-");
        try
        {
            string other = Path.Combine(folder.FullName, "pwsh");
            await File.WriteAllTextAsync(other, "#!/bin/sh\necho PowerShell 7.5.0 of another kind\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Dictionary<string, string> environment = new() { ["PATH"] = folder.FullName + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH") };

            ProcessResult result = await PlaygroundProcess.RunAsync(environment, "-Command", "\"$($PSVersionTable.PSVersion)\"");

            Assert.Equal(string.Empty, result.Error);
            Assert.Equal([PinnedShell.Pwsh.Version], result.Lines);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_access_key_is_on_no_command_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        ProcessResult result = await PlaygroundProcess.RunCommandAsync("""
            $lines = $PID, (Get-Process -Id $PID).Parent.Id | ForEach-Object { [System.IO.File]::ReadAllText("/proc/$_/cmdline") }
            $lines[0].Contains('pwsh.dll')
            $lines[1].Contains('Authress.Playground.dll')
            "$lines".Contains($env:AUTHRESS_KEY.Split('.')[3])
            """);

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(["True", "True", "False"], result.Lines);
    }

    [Theory]
    [InlineData("-NoTour")]
    [InlineData(null)]
    public async Task On_a_terminal_it_leaves_the_shells_own_prompt_and_exit_leaves_with_0(string? argument)
    {
        await using PseudoTerminal terminal = PseudoTerminal.Start(PlaygroundProcess.Start([], argument is null ? [] : [argument]));
        await terminal.WaitForAsync($"PS {terminal.Home}>");
        Assert.Equal(argument is null, terminal.Screen.Contains("Your turn: this session is connected to http://127.0.0.1:", StringComparison.Ordinal));

        // Only the shell's own line editor completes on Tab.
        await terminal.TypeAsync("$null = New-AuthressServiceCl\t");
        await terminal.WaitForAsync("New-AuthressServiceClient");
        await terminal.EnterAsync(" -Name mine; Get-AuthressServiceClient; (Get-Module PSReadLine).Name + ' is there'");
        await terminal.WaitForAsync("PSReadLine is there");

        string[] lines = terminal.Screen.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int row = Array.FindLastIndex(lines, line => line.StartsWith("sc_", StringComparison.Ordinal) && line.Contains(" mine ", StringComparison.Ordinal));
        Assert.StartsWith("ClientId", lines[row - 3], StringComparison.Ordinal);
        Assert.Contains("Emulator administrator", lines[row - 1], StringComparison.Ordinal);
        await terminal.EnterAsync("exit");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }

    [Fact]
    public async Task Ctrl_C_stops_only_the_line_that_runs_each_time()
    {
        await using PseudoTerminal terminal = PseudoTerminal.Start(PlaygroundProcess.Start([], "-NoTour"));
        await terminal.WaitForAsync($"PS {terminal.Home}>");
        for (int time = 1; time <= 3; time++)
        {
            await terminal.EnterAsync($"'running ' + {time}; Start-Sleep 60; 'never ' + {time}");
            await terminal.WaitForAsync($"running {time}");
            await terminal.TypeAsync(PseudoTerminal.CtrlC);
            await terminal.EnterAsync($"'clients ' + @(Get-AuthressServiceClient).Count + ' after ' + {time}");
            await terminal.WaitForAsync($"clients 1 after {time}");
            Assert.DoesNotContain($"never {time}", terminal.Screen, StringComparison.Ordinal);
        }

        await terminal.EnterAsync("exit");
        Assert.Equal(0, await terminal.WaitForExitAsync());
    }
}
