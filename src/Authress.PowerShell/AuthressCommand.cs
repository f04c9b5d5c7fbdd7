using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Authress.Client;
using Authress.Client.Transport;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell;

/// <summary>
/// What every cmdlet that talks to Authress shares: the connection, Ctrl+C, and the one place where the pipeline's thread
/// waits for a request.
/// </summary>
public abstract class AuthressCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<RequestRecord> _requests = new();

    /// <summary>
    /// <para type="description">The connection to use, from Connect-Authress -PassThru; the session's own where it is left out.</para>
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    public Connection? Connection { get; set; }

    /// <summary>The connection that this invocation uses; known from BeginProcessing on.</summary>
    private protected Connection Current { get; private set; } = null!;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        Current = Connection ?? SessionConnection.Get(SessionState)!;
        if (Current is null)
            ThrowTerminatingError(ErrorFactory.NotConnected());
    }

    /// <inheritdoc />
    protected override void StopProcessing() => _stopping.Cancel();

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
        if (disposing)
            _stopping.Dispose();
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

    /// <summary>Waits for a request. A failure goes to the caller.</summary>
    private protected T Await<T>(Func<AuthressApi, CancellationToken, Task<T>> request)
    {
        AuthressApi api = ((AuthressApi)Current.Client).WithLog(_requests.Enqueue);
        try
        {
            return request(api, _stopping.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // After a stop every Write call throws, and would hide what happened.
            while (!_stopping.IsCancellationRequested && _requests.TryDequeue(out RequestRecord? record))
                WriteDebug(Trace(record));
        }
    }

    /// <summary>Waits for a request; a failure is written as this target's error, and the rest of the input goes on.</summary>
    /// <returns>Whether it succeeded.</returns>
    private protected bool TryAwait<T>(object? target, Func<AuthressApi, CancellationToken, Task<T>> request, out T result)
    {
        try
        {
            result = Await(request);
            return true;
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

    /// <inheritdoc cref="TryAwait{T}" />
    private protected bool TryAwait(object? target, Func<AuthressApi, CancellationToken, Task> request) =>
        TryAwait(target, async (api, cancellation) =>
        {
            await request(api, cancellation).ConfigureAwait(false);
            return true;
        }, out _);

    private static string Trace(RequestRecord record) => string.Format(
        CultureInfo.InvariantCulture,
        Messages.RequestTrace,
        record.Method,
        record.Path,
        record.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? Messages.NoAnswer,
        Math.Round(record.Duration.TotalMilliseconds),
        record.RequestId ?? Messages.None);
}
