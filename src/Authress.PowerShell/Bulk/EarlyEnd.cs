using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Bulk;

/// <summary>Reports requests in flight when the pipeline ends early: after an error, a stop, or Select-Object -First.</summary>
/// <param name="command">The cmdlet.</param>
/// <param name="queue">Its requests.</param>
internal sealed class EarlyEnd(BulkCommand command, OrderedRequestQueue queue)
{
    // Not available when the pipeline ends early.
    private readonly SessionErrors _errors = new(command);
    private readonly bool _ignoresErrors = new CommandPreferences(command).ErrorAction == ActionPreference.Ignore;

    /// <summary>Writes the outcomes of all requests in flight, before the error that ends the command.</summary>
    public void WriteBeforeError()
    {
        if (queue.First is null)
            return;
        queue.Close();
        command.CommandLifetime.EndSoon();
        while (queue.First is { } request)
        {
            command.Wait(request.Completion);
            queue.Take();
            WriteOrReport(request, () => WriteBeforeError(request));
        }
    }

    /// <summary>Writes an outcome. A stop may come between a request's end and its report, which then goes to the host.</summary>
    public void WriteOrReport(PendingRequest request, Action write)
    {
        try
        {
            write();
        }
        catch (PipelineStoppedException)
        {
            // A cmdlet that can undo its change reports the rest itself.
            if (request.Rollback is null)
                Report(request);
            throw;
        }
    }

    /// <summary>Waits for all requests in flight when nothing can be written any more: undoes what must be undone, and reports the rest.</summary>
    public void Abandon()
    {
        if (queue.First is null)
            return;
        queue.Close();
        command.CommandLifetime.CloseOutput();

        // Concurrently, because the time after a stop is limited.
        Task<Action?>[] rollbacks = [.. queue.Pending.Select(queue.RollBackAsync)];
        foreach (Task<Action?> rollback in rollbacks)
        {
            command.Wait(rollback);
            PendingRequest request = queue.Take();
            if (rollback.GetAwaiter().GetResult() is { } report)
                report();
            else
                Report(request);
        }
    }

    private void WriteBeforeError(PendingRequest request)
    {
        if (request.Succeeded)
            command.Progress.WriteCounted(request.Write);
        if (request.HasChanged)
            command.WriteWarning(CommandText.Format(Messages.DoneBeforeError, request.Name));
        else if (request.OutcomeUnknown)
            command.WriteWarning(CommandText.Format(Messages.FailedBeforeError, request.Name, Messages.OutcomeUnknown));
        else if (request.Failure is not null and not OperationCanceledException)
            command.WriteWarning(CommandText.Format(Messages.FailedBeforeError, request.Name, request.Failure.Message));
        if (KeepsNewKey(request))
            command.WriteWarning(CommandText.Format(Messages.ErrorKept, request.Name));
    }

    /// <summary>Keeps the error of a request that the preference Ignore discards, if it has a new key.</summary>
    public void KeepIgnored(PendingRequest request)
    {
        if (_ignoresErrors && KeepsNewKey(request))
            command.WriteWarning(CommandText.Format(Messages.ErrorKept, request.Name));
    }

    // The error's target is the only copy of the secret, perhaps.
    private bool KeepsNewKey(PendingRequest request)
    {
        if (request.Failure is not RotationException { NewKey: not null })
            return false;
        _errors.Keep(ErrorFactory.FromRotation(request.Failure, request.Target));
        return true;
    }

    private void Report(PendingRequest request)
    {
        string? format = request.HasChanged ? Messages.DoneAfterEnd : request.OutcomeUnknown ? Messages.UnknownAfterEnd : null;
        if (format is not null)
            command.ReportAfterStop(format, command.MyInvocation.MyCommand.Name, request.Name);
        if (request.Failure is AuthressApiException { OutcomeUnknown: true, PublicKey: { } publicKey, ClientId: { } clientId })
            command.ReportAfterStop(Messages.UnknownPublicKey, publicKey, clientId);
        if (!KeepsNewKey(request))
            return;
        command.ReportAfterStop("{0}", request.Failure!.Message);
        command.ReportAfterStop(Messages.ErrorKept, request.Name);
    }
}
