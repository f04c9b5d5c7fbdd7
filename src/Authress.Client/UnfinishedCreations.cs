namespace Authress.Client;

/// <summary>The creations of service clients over one connection that have not ended. A listing may show such a client before its id is known here.</summary>
internal sealed class UnfinishedCreations
{
    private readonly object _gate = new();
    private readonly HashSet<Creation> _creations = [];

    /// <summary>The creations at this moment, each a task that ends with its creation and never fails.</summary>
    public IReadOnlyList<Task> Present
    {
        get
        {
            lock (_gate)
                return [.. _creations.Select(creation => creation.Task)];
        }
    }

    /// <summary>Adds a creation that is about to be sent, until it is disposed of.</summary>
    public IDisposable Begin()
    {
        Creation creation = new(this);
        lock (_gate)
            _creations.Add(creation);
        return creation;
    }

    private sealed class Creation(UnfinishedCreations all) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously), IDisposable
    {
        public void Dispose()
        {
            lock (all._gate)
                all._creations.Remove(this);
            TrySetResult(true);
        }
    }
}
