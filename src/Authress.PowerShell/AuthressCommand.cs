using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.ExceptionServices;
using Authress.Client;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell;

/// <summary>Base of every cmdlet that sends requests: the connection, cancellation, and the one wait for a request.</summary>
public abstract class AuthressCommand : PSCmdlet, IDisposable
{
    private readonly PipelineWait _wait;
    private PSHostUserInterface? _hostUI;

    /// <summary>Creates the cmdlet.</summary>
    private protected AuthressCommand()
    {
        _wait = new PipelineWait(OnWake);
        Trace = new RequestTrace(this, _wait.Wake);
        Preferences = new CommandPreferences(this);
    }

    /// <summary>
    /// <para type="description">The connection to use, from Connect-Authress -PassThru; the session's own where it is left out.</para>
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public Connection? Connection { get; set; }

    /// <summary>The connection of this invocation, from BeginProcessing on.</summary>
    private protected Connection Current { get; private set; } = null!;

    /// <summary>Whether the cmdlet needs a connection.</summary>
    private protected virtual bool NeedsConnection => true;

    /// <summary>How long requests may be sent and output written.</summary>
    internal CommandLifetime Lifetime { get; } = new();

    /// <summary>The common parameters of this invocation.</summary>
    private protected CommandPreferences Preferences { get; }

    /// <summary>Shows the requests of this invocation.</summary>
    private protected RequestTrace Trace { get; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        // At an early end it can't be had any more.
        _hostUI = Host.UI;
        Trace.ShowsRequests = Preferences.ShowsDebug;
        Current = Connection ?? SessionConnection.Get(SessionState)!;
        if (Current is null && NeedsConnection)
            ThrowTerminatingError(ErrorFactory.NotConnected());
    }

    /// <inheritdoc />
    protected override void StopProcessing() => Lifetime.Stop();

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the invocation holds. PowerShell calls it when the pipeline ends, however it ends.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Lifetime.Dispose();
        _wait.Dispose();
    }

    /// <summary>A client whose requests this invocation shows.</summary>
    /// <param name="api">The client; null for the connection's.</param>
    /// <param name="stopping">Once cancelled, no request begins.</param>
    private protected AuthressApi Attach(AuthressApi? api, CancellationToken stopping) => Trace.Attach(api ?? (AuthressApi)Current.Client, stopping);

    /// <summary>Writes a client, and keeps it for completion.</summary>
    private protected void Write(ServiceClient client)
    {
        Current.Cache.Add(client);
        WriteObject(client);
    }

    /// <summary>Waits for a request that reads; a stop cancels it at once. A failure goes to the caller.</summary>
    /// <param name="request">The request.</param>
    /// <param name="api">Another client than the connection's.</param>
    private protected T Read<T>(Func<AuthressApi, CancellationToken, Task<T>> request, AuthressApi? api = null) => Await(request(Begin(api, Lifetime.Reads), Lifetime.Reads));

    /// <summary>Waits for a request that changes something; a stop leaves it a few seconds. A failure goes to the caller.</summary>
    private protected T Change<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await(request(Begin(null, Lifetime.Stopping), Lifetime.Changes));

    /// <summary>Does what sends requests. A failure becomes the error of this input, and the others go on.</summary>
    /// <returns>Whether it succeeded.</returns>
    private protected bool Try<T>(object? target, Func<T> action, out T result)
    {
        try
        {
            result = action();
            return true;
        }
        catch (Exception e) when (e is AuthressApiException or ArgumentException)
        {
            WriteFailure(e, target);
            result = default!;
            return false;
        }
    }

    /// <summary>Waits on the pipeline's thread, and shows requests meanwhile. A failure of the task is left to the caller.</summary>
    /// <param name="task">The task.</param>
    /// <param name="atMost">The longest wait; null for no limit.</param>
    internal void Wait(Task task, TimeSpan? atMost = null)
    {
        _wait.For(task, atMost);
        Trace.Write();
    }

    /// <summary>Called on the pipeline's thread now and then while it waits.</summary>
    private protected virtual void OnWake() => Trace.Write();

    /// <summary>Asks PowerShell whether to do it: -WhatIf, -Confirm and the preference variables.</summary>
    /// <param name="caption">The action, in a few words.</param>
    /// <param name="description">What is done, shown under -WhatIf and -Verbose.</param>
    /// <param name="query">The question.</param>
    /// <param name="values">The values of the placeholders in both.</param>
    private protected bool ShouldDo(string caption, string description, string query, params object[] values) =>
        ShouldProcess(CommandText.Format(description, values), CommandText.Format(query, values), caption);

    /// <summary>Writes a warning through the host: after a stop the pipeline takes none.</summary>
    internal void ReportAfterStop(string format, params object[] values) => (_hostUI ?? Host.UI).WriteWarningLine(CommandText.Format(format, values));

    /// <summary>Writes the error of a request.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="target">What the user passed.</param>
    internal void WriteFailure(Exception exception, object? target)
    {
        if (Lifetime.IsStopping)
        {
            if (exception is AuthressApiException { OutcomeUnknown: true })
                Trace.ReportUnknown(target);
            throw new PipelineStoppedException(exception.Message, exception);
        }

        if (exception is AuthressApiException failure)
            WriteFailure(failure, target);
        else if (exception is ArgumentException invalid)
            WriteError(ErrorFactory.InvalidValue(invalid, target));
        else
            ExceptionDispatchInfo.Capture(exception).Throw();
    }

    /// <inheritdoc cref="WriteFailure(Exception, object)" />
    private protected virtual void WriteFailure(AuthressApiException failure, object? target) => WriteError(ErrorFactory.FromApi(failure, target));

    private AuthressApi Begin(AuthressApi? api, CancellationToken stopping)
    {
        Lifetime.ThrowIfStopping();
        return Attach(api, stopping);
    }

    private T Await<T>(Task<T> task)
    {
        Wait(task);
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Lifetime.IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }
}
