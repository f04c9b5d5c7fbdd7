using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.ExceptionServices;
using Authress.Client;
using Authress.Client.Transport;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell;

/// <summary>
/// What every cmdlet that talks to Authress shares: the connection, Ctrl+C, and the one place where the pipeline's thread
/// waits for a request.
/// </summary>
public abstract class AuthressCommand : PSCmdlet, IDisposable
{
    /// <summary>
    /// How long a request that changes something may go on after a stop. Given up at once, it might or might not have
    /// been carried out, and nobody would know.
    /// </summary>
    private protected static readonly TimeSpan ChangeGrace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly ConcurrentQueue<RequestRecord> _requests = new();
    private readonly ConcurrentQueue<RetryRecord> _retries = new();
    private readonly PipelineWait _wait;
    private AuthressApi? _api;
    private PSHostUserInterface? _screen;
    private ProgressMeter? _progress;
    private bool _tracing;
    private bool _idIsGiven;
    private bool _mayWrite = true;
    private bool _saidUnknown;

    /// <summary>Creates the cmdlet.</summary>
    private protected AuthressCommand()
    {
        _wait = new PipelineWait(() =>
        {
            WriteMessages();
            ShowProgress();
        });
    }

    /// <summary>
    /// <para type="description">The connection to use, from Connect-Authress -PassThru; the session's own where it is left out.</para>
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public Connection? Connection { get; set; }

    /// <summary>The connection that this invocation uses; known from BeginProcessing on.</summary>
    private protected Connection Current { get; private set; } = null!;

    /// <summary>Whether there is nothing to do without a connection.</summary>
    private protected virtual bool NeedsConnection => true;

    /// <summary>The client library's client, which tells this invocation of its requests.</summary>
    private protected AuthressApi Api => _api ??= ForThis((AuthressApi)Current.Client, _stopping.Token);

    /// <summary>Cancelled when the user stops the pipeline.</summary>
    private protected CancellationToken WhenStopped => _stopping.Token;

    /// <summary>Cancelled a few seconds later, for requests that change something.</summary>
    private protected CancellationToken WhenGivenUp => _givingUp.Token;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        // Asked for once: when a pipeline ends early there is nobody left to ask.
        _screen = Host.UI;
        _tracing = IsTracing();

        // Here the command line alone has been bound; later it can't be told from the pipeline.
        _idIsGiven = MyInvocation.BoundParameters.ContainsKey(nameof(ServiceClient.ClientId));
        Current = Connection ?? SessionConnection.Get(SessionState)!;
        if (Current is null && NeedsConnection)
            ThrowTerminatingError(ErrorFactory.NotConnected());
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_progress?.End() is { } end)
            WriteProgress(end);
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        _stopping.Cancel();
        GiveUpLater();
    }

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
        _stopping.Dispose();
        _givingUp.Dispose();
        _wait.Dispose();
    }

    /// <summary>Asks PowerShell whether to go on: -WhatIf, -Confirm and the preference variables.</summary>
    /// <param name="caption">The action, in a few words.</param>
    /// <param name="description">What is done, said under -WhatIf and -Verbose.</param>
    /// <param name="query">The question.</param>
    /// <param name="values">What stands for the placeholders in both.</param>
    private protected bool ShouldDo(string caption, string description, string query, params object[] values) => ShouldProcess(
        Format(description, values),
        Format(query, values),
        caption);

    /// <summary>Writes a warning.</summary>
    private protected void Warn(string format, params object[] values) => WriteWarning(Format(format, values));

    /// <summary>Whether what was under way at a stop is told request by request. Who has several in flight tells of each by what it was for.</summary>
    private protected virtual bool ReportsEachRequest => true;

    /// <summary>Whether the user has stopped the pipeline. From then on every Write call throws.</summary>
    private protected bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Waits for a request that reads; a stop gives it up at once. A failure goes to the caller.</summary>
    private protected T Read<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await(Api, request, _stopping.Token);

    /// <summary>Waits for a request that reads over another client than the connection's.</summary>
    private protected T Read<T>(AuthressApi api, Func<AuthressApi, CancellationToken, Task<T>> request) => Await(ForThis(api, _stopping.Token), request, _stopping.Token);

    /// <summary>Waits for a request that changes something; a stop gives it a few seconds to tell its outcome.</summary>
    private protected T Change<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await(Api, request, _givingUp.Token);

    /// <summary>Takes a change back after a stop, in what is left of the time that a stop allows.</summary>
    /// <returns>Whether it was taken back.</returns>
    private protected async Task<bool> TryUndoAsync(Func<AuthressApi, CancellationToken, Task> request)
    {
        try
        {
            await request((AuthressApi)Current.Client, _givingUp.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is AuthressApiException or OperationCanceledException)
        {
            // The caller names what is left over.
            return false;
        }
    }

    /// <summary>Writes a client, and remembers it for completion.</summary>
    private protected void Write(ServiceClient client)
    {
        Current.Cache.Add(client);
        WriteObject(client);
    }

    /// <summary>Says something after a stop, when only the host still listens.</summary>
    private protected void ReportAfterStop(string format, params object[] values) =>
        (_screen ?? Host.UI).WriteWarningLine(Format(format, values));

    /// <summary>Gives requests that change something a few more seconds.</summary>
    private protected void GiveUpLater() => _givingUp.CancelAfter(ChangeGrace);

    /// <summary>From here on what is to be said goes to the host: the pipeline takes nothing any more.</summary>
    private protected void StopWriting() => _mayWrite = false;

    /// <summary>Counts what is done, and shows it where that takes long.</summary>
    /// <param name="count">How many more are done.</param>
    /// <param name="total">How many there are in all; null where that is not known.</param>
    private protected void CountDone(long count = 1, long? total = null)
    {
        _progress ??= new ProgressMeter(MyInvocation.MyCommand.Name);
        _progress.Total = total;
        _progress.Add(count);
        ShowProgress();
    }

    /// <summary>Waits on the pipeline's thread, telling of retries and progress meanwhile. Whether the task failed is the caller's business.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="atMost">How long; null until it has ended.</param>
    private protected void Wait(Task task, TimeSpan? atMost = null)
    {
        _wait.For(task, atMost);
        WriteMessages();
    }

    /// <summary>Tells of the requests that have been made.</summary>
    private protected void WriteMessages()
    {
        while (_requests.TryDequeue(out RequestRecord? record))
            Trace(record);
        while (_retries.TryDequeue(out RetryRecord? retry))
            Tell(retry);
    }

    // What is filled in may come from elsewhere, such as a name.
    private static string Format(string format, object[] values) => PrintableText.Escape(string.Format(CultureInfo.CurrentCulture, format, values));

    private T Await<T>(AuthressApi api, Func<AuthressApi, CancellationToken, Task<T>> request, CancellationToken givingUp)
    {
        if (IsStopping)
            throw new PipelineStoppedException();
        Task<T> task = request(api, givingUp);
        Wait(task);
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>A client that tells this invocation of its requests.</summary>
    /// <param name="api">The client.</param>
    /// <param name="stopping">Once cancelled, nothing further is begun.</param>
    private protected AuthressApi ForThis(AuthressApi api, CancellationToken stopping) => api.ForInvocation(
        _requests.Enqueue,
        retry =>
        {
            // Told before its wait is over, not after.
            _retries.Enqueue(retry);
            _wait.Wake();
        },
        stopping);

    private void Trace(RequestRecord record)
    {
        if (_mayWrite && !IsStopping)
        {
            if (_tracing)
                WriteDebug(Describe(record));
        }
        else if (ReportsEachRequest && record is { StatusCode: >= 200 and < 300, Method: not "GET" })
        {
            ReportAfterStop(Messages.StoppedAfterChange, record.Method, record.Path);
        }
        else if (ReportsEachRequest && record is { StatusCode: null, Method: not "GET" })
        {
            _saidUnknown = true;
            ReportAfterStop(Messages.StoppedUnknown, record.Method, record.Path);
        }
    }

    private void Tell(RetryRecord retry)
    {
        if (_mayWrite && !IsStopping)
            WriteVerbose(PrintableText.Escape(string.Format(CultureInfo.CurrentCulture, Messages.Retrying, retry.Method, retry.Path, retry.Reason, retry.Wait.TotalSeconds, retry.Attempt)));
    }

    private void ShowProgress()
    {
        if (_mayWrite && !IsStopping && _progress?.Now() is { } record)
            WriteProgress(record);
    }

    // Thousands of texts that nobody will read are not even made.
    private bool IsTracing()
    {
        object? preference = MyInvocation.BoundParameters.TryGetValue("Debug", out object? given) ? LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue
            : SessionState.PSVariable.GetValue("DebugPreference");
        return !LanguagePrimitives.TryConvertTo(preference, out ActionPreference chosen) || chosen is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
    }

    /// <inheritdoc cref="Try{T}" />
    private protected bool TryRead<T>(object? target, Func<AuthressApi, CancellationToken, Task<T>> request, out T result) =>
        Try(target, () => Read(request), out result);

    /// <inheritdoc cref="Try{T}" />
    private protected bool TryChange<T>(object? target, Func<AuthressApi, CancellationToken, Task<T>> request, out T result) =>
        Try(target, () => Change(request), out result);

    /// <inheritdoc cref="Try{T}" />
    private protected bool TryChange(object? target, Func<AuthressApi, CancellationToken, Task> request) =>
        TryChange(target, async (api, cancellation) =>
        {
            await request(api, cancellation).ConfigureAwait(false);
            return true;
        }, out _);

    /// <summary>Writes the error of an input for which nothing is done.</summary>
    private protected virtual void Refuse(ErrorRecord error) => WriteError(error);

    /// <summary>
    /// Whether a piped object belongs to another client than an explicit -ClientId names. PowerShell would take the id
    /// from the command line and the rest from the object.
    /// </summary>
    /// <param name="piped">The piped object, where there is one that has properties.</param>
    /// <param name="clientIds">The client ids in force.</param>
    private protected bool RefuseContradiction(PSObject? piped, params string[] clientIds)
    {
        if (PipedProperty.Contradicted(piped, nameof(ServiceClient.ClientId), clientIds) is not { } given)
            return false;
        Refuse(ErrorFactory.ContradictoryClientId(given, PipedProperty.Text(piped, nameof(ServiceClient.ClientId)), piped));
        return true;
    }

    /// <summary>
    /// Whether text was piped although the id that it could be is on the command line already. Where text was taken so that
    /// ids need no refusal each, nothing else says that it was not used, and the same would be done once for each.
    /// </summary>
    /// <param name="piped">What was piped, where anything was.</param>
    private protected bool RefuseUnusedText(PSObject? piped)
    {
        if (!_idIsGiven || piped?.BaseObject is not string)
            return false;
        Refuse(ErrorFactory.InputObjectNotBound(piped));
        return true;
    }

    /// <summary>Writes what went wrong with a request.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="target">What the user passed.</param>
    private protected void WriteFailure(Exception exception, object? target)
    {
        if (IsStopping)
        {
            // What was in doubt before the stop, and was being looked into when it came.
            if (exception is AuthressApiException { OutcomeUnknown: true } && ReportsEachRequest && !_saidUnknown)
                ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, ErrorFactory.Name(target));
            throw new PipelineStoppedException(exception.Message, exception);
        }

        switch (exception)
        {
            case AuthressApiException failure:
                WriteFailure(failure, target);
                break;
            case ArgumentException invalid:
                WriteError(ErrorFactory.InvalidValue(invalid, target));
                break;
            default:
                ExceptionDispatchInfo.Capture(exception).Throw();
                break;
        }
    }

    /// <summary>Writes what Authress, or the way to it, refused.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="target">What the user passed.</param>
    private protected virtual void WriteFailure(AuthressApiException failure, object? target) => WriteError(ErrorFactory.FromApi(failure, target));

    /// <summary>Does what talks to Authress; a failure is written as this target's error, and the rest of the input goes on.</summary>
    /// <returns>Whether it succeeded.</returns>
    private bool Try<T>(object? target, Func<T> request, out T result)
    {
        try
        {
            result = request();
            return true;
        }
        catch (Exception e) when (e is AuthressApiException or ArgumentException)
        {
            WriteFailure(e, target);
            result = default!;
            return false;
        }
    }

    // The request's id is a header's text, and a header may hold what a terminal obeys.
    private static string Describe(RequestRecord record) => PrintableText.Escape(string.Format(
        CultureInfo.InvariantCulture,
        Messages.RequestTrace,
        record.Method,
        record.Path,
        record.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? Messages.NoAnswer,
        Math.Round(record.Duration.TotalMilliseconds),
        record.RequestId ?? Messages.None));
}
