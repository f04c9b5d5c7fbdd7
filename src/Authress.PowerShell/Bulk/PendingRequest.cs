using System.Management.Automation;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Bulk;

/// <summary>One input's request, from the queue until its outcome is written.</summary>
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that the request refers to; null for a client to be created.</param>
/// <param name="cancellation">Cancels a request that changes something; null for one that only reads.</param>
/// <param name="send">Sends the request.</param>
internal class PendingRequest(object? target, string? clientId, CancellationToken? cancellation, Func<Task<RequestResult>> send)
{
    private RequestResult? _result;

    /// <summary>What the user passed.</summary>
    public object? Target { get; } = target;

    /// <summary>The client that the request refers to.</summary>
    public string? ClientId { get; } = clientId;

    /// <summary>Its name in messages: the client that was created, or what the user passed.</summary>
    public string Name => _result?.Created is { } created ? ErrorFactory.Name(created) : CommandText.NameInput(Target, ClientId);

    /// <summary>Completes with the request, or when it can no longer be sent. Never fails.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    /// <summary>The failure; null for a request that succeeded or was never sent.</summary>
    public Exception? Failure { get; private protected set; }

    /// <summary>Whether the request succeeded.</summary>
    public bool Succeeded => _result is not null;

    /// <summary>Whether the request has changed something.</summary>
    public bool HasChanged => cancellation is not null && Succeeded;

    /// <summary>Whether the request may have changed something.</summary>
    public bool OutcomeUnknown { get; private set; }

    /// <summary>The rollback of a request that has changed something; null to keep the change.</summary>
    public Func<Task<Action>>? Rollback => HasChanged ? _result!.RollBackAsync : null;

    /// <summary>Sends the request and keeps its outcome. Never fails: a failure is written in the input's order.</summary>
    public async Task SendAsync()
    {
        try
        {
            _result = await send().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure = e;
            OutcomeUnknown = e is AuthressApiException { OutcomeUnknown: true } || (e is OperationCanceledException && cancellation is { IsCancellationRequested: true });
        }
    }

    /// <summary>Writes the result of a request that succeeded.</summary>
    public void Write() => _result!.Write();
}

/// <summary>An input for which no request is sent. It is queued so that its error is written in order.</summary>
internal sealed class InvalidInput : PendingRequest
{
    /// <summary>Creates one.</summary>
    /// <param name="error">The error.</param>
    public InvalidInput(ErrorRecord error)
        : base(error.TargetObject, clientId: null, cancellation: null, () => throw new NotSupportedException())
    {
        Error = error;
        Failure = error.Exception;
    }

    /// <summary>The error.</summary>
    public ErrorRecord Error { get; }
}

/// <summary>The result of a request that succeeded.</summary>
/// <param name="Write">Writes it, on the pipeline's thread.</param>
/// <param name="RollBackAsync">Undoes the change if its result can't be written, and returns the action that reports it; null to keep it.</param>
/// <param name="Created">The client that was created; null for any other request.</param>
internal sealed record RequestResult(Action Write, Func<Task<Action>>? RollBackAsync = null, ServiceClient? Created = null);
