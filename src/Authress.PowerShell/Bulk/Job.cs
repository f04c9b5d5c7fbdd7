namespace Authress.PowerShell.Bulk;

/// <summary>One request of many, and what becomes of its outcome on the pipeline's thread.</summary>
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that it is about; null for one that is only being made.</param>
/// <param name="givenUp">Cancelled when a request that changes something is given up; null for one that only reads.</param>
internal abstract class Job(object? target, string? clientId, CancellationToken? givenUp)
{
    private static readonly TaskCompletionSource<bool> AlreadyEnded = MakeEnded();

    private TaskCompletionSource<bool>? _end;
    private volatile bool _hasEnded;

    /// <summary>What the user passed.</summary>
    public object? Target { get; } = target;

    /// <summary>The client that the request is about.</summary>
    public string? ClientId { get; } = clientId;

    /// <summary>The next job on the same client, which waits for this one's end.</summary>
    public Job? Next { get; set; }

    /// <summary>Whether the request has ended or will never begin. From then on the outcome stands.</summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>Ends with the request. Never fails. Made for who asks, since hardly any job is waited for.</summary>
    public Task Ended
    {
        get
        {
            if (_hasEnded)
                return Task.CompletedTask;
            TaskCompletionSource<bool> mine = new();
            return (Interlocked.CompareExchange(ref _end, mine, null) ?? mine).Task;
        }
    }

    /// <summary>What went wrong; null where nothing did, or where it was never begun.</summary>
    public Exception? Failure { get; private protected set; }

    /// <summary>Whether the request was carried out.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Whether the request may have changed something, and nobody knows.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Whether the request has changed something.</summary>
    public bool HasChanged => givenUp is not null && Succeeded;

    /// <summary>Whether it is taken back where its result can't reach anybody any more.</summary>
    public virtual bool CanUndo => false;

    /// <summary>Begins the request. Whoever awaits it tells by <see cref="Succeed"/> or <see cref="Fail"/> how it ended.</summary>
    public abstract Task BeginAsync();

    /// <summary>Keeps that the request was carried out.</summary>
    public void Succeed() => Succeeded = true;

    /// <summary>Keeps a failure, whatever it is: it is thrown or written where this job's turn comes.</summary>
    public void Fail(Exception failure)
    {
        Failure = failure;
        IsInDoubt = failure is AuthressApiException { OutcomeUnknown: true } || (failure is OperationCanceledException && givenUp is { IsCancellationRequested: true });
    }

    /// <summary>Tells whoever waits for the end, once <see cref="HasEnded"/> is set.</summary>
    public void TellEnd() => Interlocked.CompareExchange(ref _end, AlreadyEnded, null)?.TrySetResult(true);

    /// <summary>Writes the result of a request that succeeded.</summary>
    public virtual void Write()
    {
    }

    /// <summary>Takes back what the request did, where its result can't reach anybody any more.</summary>
    /// <returns>What reports it.</returns>
    /// <exception cref="NotSupportedException">There is no way back from it: see <see cref="CanUndo"/>.</exception>
    public virtual Task<Action> UndoAsync() => throw new NotSupportedException();

    private static TaskCompletionSource<bool> MakeEnded()
    {
        TaskCompletionSource<bool> ended = new();
        ended.SetResult(true);
        return ended;
    }
}

/// <inheritdoc cref="Job" />
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that it is about; null for one that is only being made.</param>
/// <param name="givenUp">Cancelled when a request that changes something is given up; null for one that only reads.</param>
/// <param name="request">The request.</param>
/// <param name="write">What to do with its success.</param>
internal sealed class PlainJob(object? target, string? clientId, CancellationToken? givenUp, Func<Task> request, Action write) : Job(target, clientId, givenUp)
{
    public override Task BeginAsync() => request();

    public override void Write() => write();
}

/// <inheritdoc cref="Job" />
/// <param name="target">What the user passed.</param>
/// <param name="clientId">The client that it is about; null for one that is only being made.</param>
/// <param name="givenUp">Cancelled when a request that changes something is given up; null for one that only reads.</param>
/// <param name="request">The request.</param>
/// <param name="write">What to do with its result.</param>
/// <param name="undo">How to take it back; null where that is not wanted.</param>
internal sealed class Job<T>(object? target, string? clientId, CancellationToken? givenUp, Func<Task<T>> request, Action<T> write, Func<T, Task<Action>>? undo) : Job(target, clientId, givenUp)
{
    private Task<T>? _task;

    public override bool CanUndo => undo is not null;

    public override Task BeginAsync() => _task = request();

    public override void Write() => write(_task!.Result);

    public override Task<Action> UndoAsync() => undo!(_task!.Result);
}
