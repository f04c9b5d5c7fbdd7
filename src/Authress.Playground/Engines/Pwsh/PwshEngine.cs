using System.Diagnostics;
using Authress.Playground.Accounts;

namespace Authress.Playground.Engines.Pwsh;

/// <summary>The pwsh on PATH, in a process of its own that shares this one's console.</summary>
internal sealed class PwshEngine(PwshProgram program) : IPowerShellEngine
{
    public int Run(Account account, string script)
    {
        ProcessStartInfo start = program.NewStart();
        // Where nobody can answer, a question is an error and not a wait.
        if (Console.IsInputRedirected)
            start.ArgumentList.Add("-NonInteractive");
        // pwsh looks at standard output only, and would colour the errors in a log.
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            start.Environment["NO_COLOR"] = "1";
        return Start(start, account, ScriptText.InSession(script));
    }

    public int Prompt(Account account)
    {
        ProcessStartInfo start = program.NewStart();
        start.ArgumentList.Add("-NoExit");
        return Start(start, account, ScriptText.OpenSession);
    }

    private static int Start(ProcessStartInfo start, Account account, string script)
    {
        start.ArgumentList.Add("-Command");
        start.ArgumentList.Add(script);
        start.Environment[Account.ApiUrlVariable] = account.ApiUrl;
        start.Environment[Account.AccessKeyVariable] = account.AccessKey;

        // Ctrl+C reaches both processes; it is for the shell to say what it stops.
        Console.CancelKeyPress += LeaveToChild;
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= LeaveToChild;
        }
    }

    private static void LeaveToChild(object? sender, ConsoleCancelEventArgs arguments) => arguments.Cancel = true;
}
