using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.ExceptionServices;
using Authress.Client;
using Authress.Client.Rotations;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell;

/// <summary>The base of every cmdlet that sends requests: the connection, cancellation, and the wait for requests.</summary>
public abstract class AuthressCommand : PSCmdlet, IDisposable
{
    private readonly PipelineWait _wait;
    private PSHostUserInterface? _hostUI;

    /// <summary>Creates the cmdlet.</summary>
    private protected AuthressCommand()
    {
        _wait = new PipelineWait(OnWake);
        Trace = new RequestTrace(this, _wait.Wake);
    }

    /// <summary>The connection to use, from Connect-Authress -PassThru. The default is the session's own.</summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public Connection? Connection { get; set; }

    /// <summary>The connection of this invocation, from BeginProcessing on.</summary>
    private protected Connection Current { get; private set; } = null!;

    /// <summary>Whether the cmdlet needs a connection.</summary>
    private protected virtual bool NeedsConnection => true;

    /// <summary>How long requests may be sent and output written.</summary>
    internal CommandLifetime CommandLifetime { get; } = new();

    /// <summary>Shows the requests of this invocation.</summary>
    private protected RequestTrace Trace { get; }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        // Not available when the pipeline ends early.
        _hostUI = Host.UI;
        Trace.ShowsRequests = new CommandPreferences(this).ShowsDebug;
        Current = Connection ?? SessionConnection.Get(SessionState)!;
        if (Current is null && NeedsConnection)
            ThrowTerminatingError(ErrorFactory.NotConnected());
    }

    /// <inheritdoc />
    protected override void StopProcessing() => CommandLifetime.Stop();

    /// <summary>Frees the invocation's resources. PowerShell calls it however the pipeline ends.</summary>
    public virtual void Dispose()
    {
        CommandLifetime.Dispose();
        _wait.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client whose requests this invocation shows.</summary>
    /// <param name="api">The client; null for the connection's.</param>
    /// <param name="stopping">Once cancelled, no request begins.</param>
    private protected AuthressApi Attach(AuthressApi? api, CancellationToken stopping)
    {
        CommandLifetime.ThrowIfStopping();
        return Trace.Attach(api ?? (AuthressApi)Current.Client, stopping);
    }

    /// <summary>A client for requests that change something.</summary>
    internal AuthressApi AttachChanging(AuthressApi api) => Attach(api, CommandLifetime.Stopping);

    /// <summary>The connection's client for requests that read.</summary>
    internal AuthressApi Attach() => Attach(null, CommandLifetime.Reads);

    /// <summary>Waits for a request that reads; a stop cancels it immediately. A failure goes to the caller.</summary>
    /// <param name="request">The request.</param>
    /// <param name="api">The client; null for the connection's.</param>
    internal T Read<T>(Func<AuthressApi, CancellationToken, Task<T>> request, AuthressApi? api = null) => Await(request(Attach(api, CommandLifetime.Reads), CommandLifetime.Reads));

    /// <summary>Waits for a request that changes something; a stop leaves it a few seconds. A failure goes to the caller.</summary>
    private protected T Change<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await(request(Attach(null, CommandLifetime.Stopping), CommandLifetime.Changes));

    /// <summary>Runs an action that sends requests. A failure becomes the error of this input, and the pipeline continues.</summary>
    /// <returns>Whether it succeeded.</returns>
    internal bool Try<T>(object? target, Func<T> action, out T result)
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

    /// <summary>Waits on the pipeline's thread, and shows requests meanwhile. The caller handles a failure of the task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="atMost">The longest wait; null for no limit.</param>
    internal void Wait(Task task, TimeSpan? atMost = null)
    {
        _wait.For(task, atMost);
        Trace.Write();
    }

    /// <summary>Runs an action on the pipeline's thread, where a request waits for it.</summary>
    /// <exception cref="OperationCanceledException">The pipeline accepts no more output: the action was not begun, or a stop ended it.</exception>
    internal Task<T> OnPipelineAsync<T>(Func<T> action) => _wait.RunAsync(() =>
    {
        if (!CommandLifetime.TakesOutput)
            throw new OperationCanceledException();
        try
        {
            return action();
        }
        catch (PipelineStoppedException e) when (CommandLifetime.IsStopping)
        {
            throw new OperationCanceledException(e.Message, e);
        }
    });

    /// <summary>Writes warnings on the pipeline's thread; through the host once the pipeline accepts none.</summary>
    internal Task WarnAsync(IReadOnlyCollection<string> warnings) => warnings.Count == 0 ? Task.CompletedTask : _wait.RunAsync(() =>
    {
        foreach (string warning in warnings)
        {
            if (CommandLifetime.TakesOutput)
                WriteWarning(warning);
            else
                ReportAfterStop("{0}", warning);
        }

        return true;
    });

    /// <summary>Called on the pipeline's thread at intervals while it waits.</summary>
    private protected virtual void OnWake() => Trace.Write();

    /// <summary>Writes a warning through the host, because the pipeline accepts none after a stop.</summary>
    internal void ReportAfterStop(string format, params object[] values) => (_hostUI ?? Host.UI).WriteWarningLine(CommandText.Format(format, values));

    /// <summary>Writes the error of a request.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="target">What the user passed.</param>
    internal void WriteFailure(Exception exception, object? target)
    {
        if (CommandLifetime.IsStopping)
        {
            Trace.ReportUnknown(exception, target);
            throw new PipelineStoppedException(exception.Message, exception);
        }

        if (exception is AuthressApiException failure)
            WriteFailure(failure, target);
        else if (exception is ArgumentException invalid)
            WriteError(ErrorFactory.InvalidValue(invalid, target));
        else if (exception is RotationException or IOException)
            WriteError(ErrorFactory.FromRotation(exception, target));
        else
            ExceptionDispatchInfo.Capture(exception).Throw();
    }

    /// <inheritdoc cref="WriteFailure(Exception, object)" />
    private protected virtual void WriteFailure(AuthressApiException failure, object? target) => WriteError(ErrorFactory.FromApi(failure, target));

    private T Await<T>(Task<T> task)
    {
        Wait(task);
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (CommandLifetime.IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }
}
