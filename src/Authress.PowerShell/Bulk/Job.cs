namespace Authress.PowerShell.Bulk;

/// <summary>One request of many, and what becomes of its outcome on the pipeline's thread.</summary>
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that it is about; null for one that is only being made.</param>
/// <param name="givenUp">Cancelled when a request that changes something is given up; null for one that only reads.</param>
internal abstract class Job(object? target, string? clientId, CancellationToken? givenUp)
{
    /// <summary>What the user passed.</summary>
    public object? Target { get; } = target;

    /// <summary>The client that the request is about.</summary>
    public string? ClientId { get; } = clientId;

    /// <summary>Ends with the request. Never fails.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>What went wrong; null where nothing did, or where it was never begun.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the request was carried out.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Whether the request may have changed something, and nobody knows.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Whether the request has changed something.</summary>
    public bool HasChanged => givenUp is not null && Succeeded;

    /// <summary>Whether it is taken back where its result can't reach anybody any more.</summary>
    public abstract bool CanUndo { get; }

    /// <summary>Makes the request. Keeps a failure instead of throwing it.</summary>
    public async Task RunAsync()
    {
        try
        {
            await RequestAsync().ConfigureAwait(false);
            Succeeded = true;
        }
        catch (Exception e)
        {
            // Whatever it is, it is thrown or written where this job's turn comes.
            Failure = e;
            IsInDoubt = e is AuthressApiException { OutcomeUnknown: true } || (e is OperationCanceledException && givenUp is { IsCancellationRequested: true });
        }
    }

    /// <summary>Writes the result of a request that succeeded.</summary>
    public abstract void Write();

    /// <summary>Takes back what the request did, where its result can't reach anybody any more.</summary>
    /// <returns>What reports it; null where this is no request that is taken back.</returns>
    public abstract Task<Action>? UndoAsync();

    /// <summary>Makes the request and keeps its result.</summary>
    protected abstract Task RequestAsync();
}

/// <inheritdoc cref="Job" />
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that it is about; null for one that is only being made.</param>
/// <param name="request">The request.</param>
/// <param name="write">What to do with its result.</param>
/// <param name="givenUp">Cancelled when a request that changes something is given up; null for one that only reads.</param>
/// <param name="undo">How to take it back; null where that is not wanted.</param>
internal sealed class Job<T>(object? target, string? clientId, CancellationToken? givenUp, Func<Task<T>> request, Action<T> write, Func<T, Task<Action>>? undo) : Job(target, clientId, givenUp)
{
    private T? _result;

    public override bool CanUndo => undo is not null;

    public override void Write() => write(_result!);

    public override Task<Action>? UndoAsync() => undo?.Invoke(_result!);

    protected override async Task RequestAsync() => _result = await request().ConfigureAwait(false);
}
