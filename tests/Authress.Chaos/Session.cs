using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using Authress.PowerShell.Tests.Hosting;
using Microsoft.PowerShell;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.Chaos;

/// <summary>A PowerShell session with the module imported, whose scripts can be stopped as by Ctrl+C.</summary>
internal sealed class Session : IDisposable
{
    // Much longer than all retries, time-outs and the wait after a stop.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(120);

    private readonly CapturingHost _host = new(120);
    private readonly Runspace _runspace;

    public Session(string manifest)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        Must($"Import-Module '{manifest}'; $ConfirmPreference = 'None'");
    }

    public void Set(string name, object? value) => _runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Connects, and returns the connection, which another session may share.</summary>
    public PSObject Connect(Uri apiUrl, string accessKey)
    {
        SecureString secret = new();
        foreach (char c in accessKey)
            secret.AppendChar(c);
        Set("key", secret);
        return Must($"$PSDefaultParameterValues.Remove('*-Authress*:Connection'); Connect-Authress {apiUrl} $key -TimeoutSec 1 -MaximumRetryCount {RandomFaults.MaximumRetryCount} -MaximumRetryWaitSec 4 -PassThru").Output.Single();
    }

    /// <summary>Uses a connection that another session made.</summary>
    public void Share(PSObject connection)
    {
        Set("shared", connection);
        Must("$PSDefaultParameterValues['*-Authress*:Connection'] = $shared");
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="stopAfter">When to stop it, unless it has ended; null for never.</param>
    public ScriptResult Run(string script, TimeSpan? stopAfter = null)
    {
        _host.TakeText();
        using Engine engine = Engine.Create(_runspace);
        engine.AddScript(script, useLocalScope: false);
        PSDataCollection<PSObject> output = [];
        IAsyncResult running = engine.BeginInvoke<PSObject, PSObject>(null, output);
        if (!running.AsyncWaitHandle.WaitOne(stopAfter ?? Hang))
        {
            IAsyncResult stopping = engine.BeginStop(null, null);
            if (stopAfter is null || !stopping.AsyncWaitHandle.WaitOne(Hang))
                throw new ChaosException($"The script hangs: {script}");
            engine.EndStop(stopping);
        }

        ErrorRecord? end = null;
        try
        {
            engine.EndInvoke(running);
        }
        catch (PipelineStoppedException) when (stopAfter is not null)
        {
            // The stop was requested.
        }
        catch (RuntimeException e)
        {
            end = e.ErrorRecord;
        }

        return new ScriptResult
        {
            Output = [.. output],
            Errors = end is null ? [.. engine.Streams.Error] : [.. engine.Streams.Error, end],
            End = end,
            IsStopped = engine.InvocationStateInfo.State == PSInvocationState.Stopped,
            Lines = [.. engine.Streams.Warning.Select(warning => warning.Message), .. _host.TakeText().Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        };
    }

    public void Dispose() => _runspace.Dispose();

    private ScriptResult Must(string script)
    {
        ScriptResult result = Run(script);
        return result.Errors.Count == 0 ? result : throw new ChaosException($"{script}: {result.Errors[0]} {result.Errors[0].Exception}");
    }
}

/// <summary>Everything that one script reported.</summary>
internal sealed class ScriptResult
{
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The errors, including the one that ended the script.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    public required ErrorRecord? End { get; init; }

    public required bool IsStopped { get; init; }

    /// <summary>Warnings, and what was shown on the host after the pipeline had ended.</summary>
    public required IReadOnlyList<string> Lines { get; init; }
}

/// <summary>The run itself failed.</summary>
public sealed class ChaosException : Exception
{
    /// <summary>Creates an exception.</summary>
    public ChaosException()
    {
    }

    /// <summary>Creates an exception with that text.</summary>
    /// <param name="message">Why.</param>
    public ChaosException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with that text and cause.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public ChaosException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
