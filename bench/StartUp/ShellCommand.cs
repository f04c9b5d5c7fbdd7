using System.CommandLine;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Command = System.CommandLine.Command;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.Bench.StartUp;

/// <summary>A shell as a program, for a machine that has no pwsh: runs a script in a new session and prints what comes out.</summary>
internal static class ShellCommand
{
    public static Command Create()
    {
        Argument<string> script = new("script");
        Command command = new("shell", "Runs a script in a new session.") { script };
        command.Hidden = true;
        command.SetAction(arguments => Run(arguments.GetValue(script)!));
        return command;
    }

    private static int Run(string script)
    {
        using Runspace session = RunspaceFactory.CreateRunspace(Session.State());
        session.Open();
        using Engine engine = Engine.Create(session);
        foreach (PSObject output in engine.AddScript(script).Invoke())
            Console.Out.WriteLine(output);
        foreach (ErrorRecord error in engine.Streams.Error)
            Console.Error.WriteLine($"{error} {error.Exception}");
        return engine.Streams.Error.Count == 0 ? 0 : 1;
    }
}
