using System.Collections.Concurrent;
using System.Globalization;
using Authress.Client;
using Authress.Client.Transport;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Pipeline;

/// <summary>
/// Shows an invocation's requests with -Debug and their retries with -Verbose. Records arrive on any thread and are
/// written on the pipeline's.
/// </summary>
/// <param name="command">The cmdlet.</param>
/// <param name="onRetry">Called on any thread when a retry should be shown before its wait ends.</param>
internal sealed class RequestTrace(AuthressCommand command, Action onRetry)
{
    private readonly ConcurrentQueue<RequestRecord> _requests = new();
    private readonly ConcurrentQueue<RetryRecord> _retries = new();
    private bool _reportedUnknown;

    /// <summary>Whether debug messages are shown. Otherwise no text is formatted.</summary>
    public bool ShowsRequests { get; set; }

    /// <summary>Whether a change that ends after a stop is reported by method and path. Bulk cmdlets report their inputs instead.</summary>
    public bool ReportsChanges { get; set; }

    /// <summary>A client that records its requests here.</summary>
    /// <param name="api">The client.</param>
    /// <param name="stopping">Once cancelled, no request begins.</param>
    public AuthressApi Attach(AuthressApi api, CancellationToken stopping) => api.ForInvocation(
        _requests.Enqueue,
        retry =>
        {
            _retries.Enqueue(retry);
            onRetry();
        },
        stopping);

    /// <summary>Writes what has been recorded since the last call.</summary>
    public void Write()
    {
        while (_requests.TryDequeue(out RequestRecord? request))
        {
            if (!command.CommandLifetime.TakesOutput)
                ReportChange(request);
            else if (ShowsRequests)
                command.WriteDebug(Describe(request));
        }

        while (_retries.TryDequeue(out RetryRecord? retry))
        {
            if (command.CommandLifetime.TakesOutput)
                command.WriteVerbose(CommandText.Format(Messages.Retrying, retry.Method, retry.Path, retry.Reason, retry.Wait.TotalSeconds, retry.Attempt));
        }
    }

    /// <summary>Reports a change whose outcome was still unknown at the stop.</summary>
    /// <param name="failure">The failure of the change.</param>
    /// <param name="target">What the user passed.</param>
    public void ReportUnknown(Exception failure, object? target)
    {
        if (failure is AuthressApiException { OutcomeUnknown: true } && ReportsChanges && !_reportedUnknown)
            command.ReportAfterStop(Messages.UnknownAfterEnd, command.MyInvocation.MyCommand.Name, ErrorFactory.Name(target));
    }

    private void ReportChange(RequestRecord request)
    {
        if (!ReportsChanges || request.Method == "GET")
            return;
        if (request.StatusCode is >= 200 and < 300)
            command.ReportAfterStop(Messages.StoppedAfterChange, request.Method, request.Path);
        if (request.StatusCode is not null)
            return;
        _reportedUnknown = true;
        command.ReportAfterStop(Messages.StoppedUnknown, request.Method, request.Path);
    }

    // The request id is the text of a header, which may contain control characters. The path contains what the user specified.
    private static string Describe(RequestRecord request) => PrintableText.ForMessage(string.Format(
        CultureInfo.InvariantCulture,
        Messages.RequestTrace,
        request.Method,
        request.Path,
        request.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? Messages.NoResponse,
        Math.Round(request.Duration.TotalMilliseconds),
        request.RequestId ?? Messages.None));
}
