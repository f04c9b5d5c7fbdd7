using System.Diagnostics;
using Authress.PinnedShell;
using Authress.Playground.Accounts;

namespace Authress.Playground.Shells;

/// <summary>A PowerShell process that shares this one's console, with the module imported and connected to an account.</summary>
internal sealed class PlaygroundShell
{
    private readonly Func<ProcessStartInfo> _start;

    private PlaygroundShell(Func<ProcessStartInfo> start) => _start = start;

    /// <summary>The pinned shell, or an installed one if the pinned one could not be restored.</summary>
    /// <param name="notice">A notice about an installed shell; null for the pinned one.</param>
    /// <returns>Null if there is neither.</returns>
    public static PlaygroundShell? Choose(out string? notice)
    {
        notice = null;
        if (Pwsh.IsRestored)
            return new PlaygroundShell(() => Pwsh.Start());
        if (InstalledShell.Find() is not InstalledShell installed)
            return null;
        notice = $"PowerShell {Pwsh.Version} is not restored, so the installed {installed.Version} is used. Run 'dotnet build' to restore the pinned one.";
        return new PlaygroundShell(() => Pwsh.Quiet(new ProcessStartInfo(installed.Path)));
    }

    /// <summary>Runs a script in a new session.</summary>
    /// <returns>The script's exit code; 1 if an error was written or thrown; otherwise 0.</returns>
    public int Run(Account account, string script)
    {
        ProcessStartInfo start = Start();
        // Without a terminal, a prompt must be an error, not an endless wait.
        if (Console.IsInputRedirected)
            start.ArgumentList.Add("-NonInteractive");
        // pwsh only checks standard output, and would colour the errors in a log.
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            start.Environment["NO_COLOR"] = "1";
        return Start(start, account, ScriptText.InSession(script));
    }

    /// <summary>Opens the shell's own prompt.</summary>
    /// <returns>The shell's exit code.</returns>
    public int Prompt(Account account)
    {
        ProcessStartInfo start = Start();
        start.ArgumentList.Add("-NoExit");
        return Start(start, account, ScriptText.OpenSession);
    }

    private static int Start(ProcessStartInfo start, Account account, string script)
    {
        start.ArgumentList.Add("-Command");
        start.ArgumentList.Add(script);
        // Never on the command line, which other users of the machine can read.
        start.Environment[Account.ApiUrlVariable] = account.ApiUrl;
        start.Environment[Account.AccessKeyVariable] = account.AccessKey;

        // Ctrl+C reaches both processes; the shell decides what to stop.
        Console.CancelKeyPress += LeaveToShell;
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= LeaveToShell;
        }
    }

    private ProcessStartInfo Start()
    {
        ProcessStartInfo start = _start();
        start.ArgumentList.Add("-NoLogo");
        start.ArgumentList.Add("-NoProfile");
        return start;
    }

    private static void LeaveToShell(object? sender, ConsoleCancelEventArgs arguments) => arguments.Cancel = true;
}
