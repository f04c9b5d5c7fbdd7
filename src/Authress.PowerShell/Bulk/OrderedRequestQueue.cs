namespace Authress.PowerShell.Bulk;

/// <summary>
/// Sends several requests at a time and returns them in the order of the input. Requests on one client run one after
/// another. Only the pipeline's thread uses the queue; the requests run on other threads.
/// </summary>
/// <param name="throttle">The maximum number of requests in flight.</param>
internal sealed class OrderedRequestQueue(int throttle) : IDisposable
{
    private const int SmallestWindow = 32;

    private readonly Queue<PendingRequest> _pending = new();
    private readonly Dictionary<string, PendingRequest> _lastOfClient = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(throttle);
    private volatile bool _closed;

    // Wide enough that one slow response does not stall the rest, and bounded whatever the number of inputs.
    private readonly int _window = Math.Max(SmallestWindow, 4 * throttle);

    /// <summary>Whether each request ends before the next input is read.</summary>
    public bool IsSequential => throttle == 1;

    /// <summary>Whether the first request must be taken before another is added.</summary>
    public bool IsFull => _pending.Count >= _window;

    /// <summary>The request that was added first; null if there is none.</summary>
    public PendingRequest? First => _pending.Count > 0 ? _pending.Peek() : null;

    /// <summary>All requests that have not been taken, in their order.</summary>
    public IEnumerable<PendingRequest> Pending => _pending;

    /// <summary>Whether a request on this client has not been taken yet.</summary>
    public bool Contains(string clientId) => _lastOfClient.ContainsKey(clientId);

    /// <summary>Adds a request. It is sent once there is a slot for it and the request before it on the same client has ended.</summary>
    public void Add(PendingRequest request)
    {
        PendingRequest? previous = null;
        if (request.ClientId is { } clientId)
        {
            _lastOfClient.TryGetValue(clientId, out previous);
            _lastOfClient[clientId] = request;
        }

        // With nothing else to wait for, the pipeline's thread sends the request itself.
        if (request is not InvalidInput)
            request.Completion = _pending.Count == 0 ? RunAsync(request, previous) : Task.Run(() => RunAsync(request, previous));
        _pending.Enqueue(request);
    }

    /// <summary>Takes the first request out.</summary>
    public PendingRequest Take()
    {
        PendingRequest request = _pending.Dequeue();
        if (request.ClientId is { } clientId && _lastOfClient[clientId] == request)
            _lastOfClient.Remove(clientId);
        return request;
    }

    /// <summary>The last of the requests that may be in flight. Waiting for it takes less time than waking for each one.</summary>
    public PendingRequest LastInFlight => _pending.ElementAt(Math.Min(throttle, _pending.Count) - 1);

    /// <summary>Sends no further request; those in flight continue. May be called on any thread.</summary>
    public void Close() => _closed = true;

    /// <summary>Waits for a request and undoes it, within the limit on requests in flight.</summary>
    /// <returns>The action that reports it; null if nothing was undone.</returns>
    public async Task<Action?> RollBackAsync(PendingRequest request)
    {
        await request.Completion.ConfigureAwait(false);
        if (request.Rollback is not { } rollback)
            return null;
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            return await rollback().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task RunAsync(PendingRequest request, PendingRequest? previous)
    {
        if (previous is not null)
            await previous.Completion.ConfigureAwait(false);
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_closed)
                await request.SendAsync().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
