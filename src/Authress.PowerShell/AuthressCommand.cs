using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Authress.Client;
using Authress.Client.Transport;
using Authress.PowerShell.Binding;
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
    private static readonly TimeSpan ChangeGrace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly ConcurrentQueue<RequestRecord> _requests = new();
    private readonly ConcurrentQueue<RetryRecord> _retries = new();

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

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        Current = Connection ?? SessionConnection.Get(SessionState)!;
        if (Current is null && NeedsConnection)
            ThrowTerminatingError(ErrorFactory.NotConnected());
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        _stopping.Cancel();
        _givingUp.CancelAfter(ChangeGrace);
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
    }

    /// <summary>Asks PowerShell whether to go on: -WhatIf, -Confirm and the preference variables.</summary>
    /// <param name="caption">The action, in a few words.</param>
    /// <param name="description">What is done, said under -WhatIf and -Verbose.</param>
    /// <param name="query">The question.</param>
    /// <param name="values">What stands for the placeholders in both.</param>
    private protected bool ShouldDo(string caption, string description, string query, params object[] values) => ShouldProcess(
        string.Format(CultureInfo.CurrentCulture, description, values),
        string.Format(CultureInfo.CurrentCulture, query, values),
        caption);

    /// <summary>Whether the user has stopped the pipeline. From then on every Write call throws.</summary>
    private protected bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Waits for a request that reads; a stop gives it up at once. A failure goes to the caller.</summary>
    private protected T Read<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await((AuthressApi)Current.Client, request, _stopping.Token);

    /// <summary>Waits for a request that reads over another client than the connection's.</summary>
    private protected T Read<T>(AuthressApi api, Func<AuthressApi, CancellationToken, Task<T>> request) => Await(api, request, _stopping.Token);

    /// <summary>Waits for a request that changes something; a stop gives it a few seconds to tell its outcome.</summary>
    private protected T Change<T>(Func<AuthressApi, CancellationToken, Task<T>> request) => Await((AuthressApi)Current.Client, request, _givingUp.Token);

    /// <summary>Takes a change back after a stop, in what is left of the time that a stop allows.</summary>
    /// <returns>Whether it was taken back.</returns>
    private protected bool TryUndo(Func<AuthressApi, CancellationToken, Task> request)
    {
        try
        {
            request((AuthressApi)Current.Client, _givingUp.Token).GetAwaiter().GetResult();
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
        Current.Seen.Add(client);
        WriteObject(client);
    }

    /// <summary>Says something after a stop, when only the host still listens.</summary>
    private protected void ReportAfterStop(string format, params object[] values) =>
        Host.UI.WriteWarningLine(string.Format(CultureInfo.CurrentCulture, format, values));

    private T Await<T>(AuthressApi api, Func<AuthressApi, CancellationToken, Task<T>> request, CancellationToken givingUp)
    {
        if (IsStopping)
            throw new PipelineStoppedException();
        try
        {
            return request(api.ForInvocation(_requests.Enqueue, _retries.Enqueue, _stopping.Token), givingUp).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            while (_requests.TryDequeue(out RequestRecord? record))
                Trace(record);
        }
    }

    private void Trace(RequestRecord record)
    {
        if (!IsStopping)
            WriteDebug(Describe(record));
        else if (record is { StatusCode: >= 200 and < 300, Method: not "GET" })
            ReportAfterStop(Messages.StoppedAfterChange, record.Method, record.Path);
        else if (record is { StatusCode: null, Method: not "GET" })
            ReportAfterStop(Messages.StoppedUnknown, record.Method, record.Path);
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

    /// <summary>
    /// Whether a piped object belongs to another client than an explicit -ClientId names. PowerShell would take the id
    /// from the command line and the rest from the object.
    /// </summary>
    /// <param name="piped">The piped object, where there is one that has properties.</param>
    /// <param name="clientIds">The client ids in force.</param>
    private protected bool RefuseContradiction(PSObject? piped, params string[] clientIds)
    {
        if (Contradiction(piped, nameof(ServiceClient.ClientId), clientIds) is not { } given)
            return false;
        WriteError(ErrorFactory.ContradictoryClientId(given, PipedText(piped, nameof(ServiceClient.ClientId)), piped));
        return true;
    }

    /// <summary>Which of the ids in force is not one that the piped object holds; null where there is no contradiction.</summary>
    private protected static string? Contradiction(PSObject? piped, string property, string[] ids)
    {
        string[] own = PipedTexts(piped, property);
        return own.Length == 0 ? null : ids.FirstOrDefault(id => !own.Contains(id));
    }

    /// <summary>A property of a piped object as text; empty where there is none.</summary>
    private protected static string PipedText(PSObject? piped, string property) => string.Join(", ", PipedTexts(piped, property));

    // A property may hold several ids, just as the parameter may.
    private static string[] PipedTexts(PSObject? piped, string property) =>
        [.. LanguagePrimitives.ConvertTo<object?[]>(piped?.Properties[property]?.Value ?? Array.Empty<object>()).Select(value => value?.ToString()).OfType<string>().Where(text => text.Length > 0)];

    /// <summary>Does what talks to Authress; a failure is written as this target's error, and the rest of the input goes on.</summary>
    /// <returns>Whether it succeeded.</returns>
    private bool Try<T>(object? target, Func<T> request, out T result)
    {
        try
        {
            result = request();
            return true;
        }
        catch (Exception e) when (IsStopping && e is (AuthressApiException or ArgumentException))
        {
            throw new PipelineStoppedException(e.Message, e);
        }
        catch (AuthressApiException e)
        {
            WriteError(ErrorFactory.FromApi(e, target));
        }
        catch (ArgumentException e)
        {
            WriteError(ErrorFactory.InvalidValue(e, target));
        }

        result = default!;
        return false;
    }

    private static string Describe(RequestRecord record) => string.Format(
        CultureInfo.InvariantCulture,
        Messages.RequestTrace,
        record.Method,
        record.Path,
        record.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? Messages.NoAnswer,
        Math.Round(record.Duration.TotalMilliseconds),
        record.RequestId ?? Messages.None);
}
