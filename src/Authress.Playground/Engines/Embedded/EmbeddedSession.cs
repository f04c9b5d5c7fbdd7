using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Authress.Playground.Engines.Embedded;

/// <summary>One open PowerShell session in this process, shown on this console.</summary>
internal sealed class EmbeddedSession : IDisposable
{
    private readonly PlaygroundHost _host = new();
    private readonly Runspace _runspace;
    private PowerShell? _running;

    private EmbeddedSession()
    {
        _runspace = RunspaceFactory.CreateRunspace(_host, EmbeddedCommands.CreateSessionState());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
    }

    /// <summary>The code of an <c>exit</c>; null while nobody asked to leave.</summary>
    public int? RequestedExitCode => _host.RequestedExitCode;

    public static EmbeddedSession Open()
    {
        var session = new EmbeddedSession();
        session._runspace.Open();
        Runspace.DefaultRunspace = session._runspace;
        EmbeddedCommands.AnswerForMissingCommands(session._runspace);
        if (!ConsoleStreams.AllowAnsi)
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;

        // Ctrl+C stops what is running and leaves the session open.
        Console.CancelKeyPress += session.StopRunning;
        return session;
    }

    /// <summary>Runs a script as if it had been typed, and shows its output and its errors.</summary>
    /// <returns>False where the script was ended by an error or by Ctrl+C.</returns>
    public bool Invoke(string script, bool addToHistory = false)
    {
        using var powerShell = PowerShell.Create(_runspace);
        powerShell.AddScript(script, useLocalScope: false).AddCommand("Out-Default");

        // As a shell does: errors take their place between the results, and the formatter sends them to the host's error stream.
        powerShell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        try
        {
            _running = powerShell;
            powerShell.Invoke(null, new PSInvocationSettings { AddToHistory = addToHistory });
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException exception)
        {
            Show(exception.ErrorRecord);
            return false;
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>What could stand at the cursor.</summary>
    public CommandCompletion Complete(string line, int cursor)
    {
        using var powerShell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, cursor, options: null, powerShell);
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= StopRunning;
        _runspace.Dispose();
    }

    /// <summary>Shows what ended a script, formatted by PowerShell like every other error.</summary>
    private void Show(ErrorRecord error)
    {
        using var powerShell = PowerShell.Create(_runspace);
        powerShell.AddCommand("Out-Default");
        powerShell.Invoke(new[] { EngineInternals.AsWrittenError(error) });
    }

    private void StopRunning(object? sender, ConsoleCancelEventArgs arguments)
    {
        arguments.Cancel = true;
        _running?.BeginStop(null, null);
    }
}
