namespace Authress.PowerShell.Bulk;

/// <summary>
/// Keeps several requests in flight and gives their outcomes back in the order in which they were queued. Requests on one
/// client never overlap and keep their order. Used from the pipeline's thread alone; only the requests run elsewhere.
/// </summary>
/// <param name="throttle">How many requests are in flight at most.</param>
internal sealed class FanOut(int throttle) : IDisposable
{
    private const int SmallestWindow = 32;

    private readonly Queue<Job> _jobs = new();
    private readonly Dictionary<string, Task> _lastOfClient = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(throttle);
    private readonly CancellationTokenSource _noMore = new();

    // So many jobs may be unfinished or unwritten. Wide enough that one slow answer does not stall the rest, and a bound
    // of the memory that does not depend on the number of inputs.
    private readonly int _window = Math.Max(SmallestWindow, 4 * throttle);

    /// <summary>Whether the first job must be taken before another is queued.</summary>
    public bool IsFull => _jobs.Count >= _window;

    /// <summary>The job that was queued first; null where there is none.</summary>
    public Job? First => _jobs.Count > 0 ? _jobs.Peek() : null;

    /// <summary>All jobs that have not been taken, in their order.</summary>
    public IEnumerable<Job> Jobs => _jobs;

    /// <summary>Whether a job on this client has not been taken yet.</summary>
    public bool Holds(string clientId) => _lastOfClient.ContainsKey(clientId);

    /// <summary>Queues a job. It runs as soon as there is room and its client's job before it has ended.</summary>
    public void Add(Job job)
    {
        Task? before = job.ClientId is not null && _lastOfClient.TryGetValue(job.ClientId, out Task? last) ? last : null;
        job.Ended = RunAsync(job, before);
        if (job.ClientId is not null)
            _lastOfClient[job.ClientId] = job.Ended;
        _jobs.Enqueue(job);
    }

    /// <summary>Takes the first job out.</summary>
    public Job Take()
    {
        Job job = _jobs.Dequeue();
        if (job.ClientId is not null && _lastOfClient.TryGetValue(job.ClientId, out Task? last) && last == job.Ended)
            _lastOfClient.Remove(job.ClientId);
        return job;
    }

    /// <summary>Lets no further request begin. Those in flight go on.</summary>
    public void BeginNoMore() => _noMore.Cancel();

    /// <summary>Awaits a job and takes back what it did, where its result can't reach anybody any more. Takes its turn as the jobs do.</summary>
    /// <returns>What reports it; null where nothing is taken back.</returns>
    public async Task<Action?> TakeBackAsync(Job job)
    {
        await job.Ended.ConfigureAwait(false);
        if (!job.HasChanged)
            return null;
        await _slots.WaitAsync().ConfigureAwait(false);
        try
        {
            return job.UndoAsync() is { } undone ? await undone.ConfigureAwait(false) : null;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _noMore.Dispose();
    }

    // Never fails: a job keeps its own failure until it is written.
    private async Task RunAsync(Job job, Task? before)
    {
        if (before is not null)
            await before.ConfigureAwait(false);
        try
        {
            await _slots.WaitAsync(_noMore.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was never begun, which is how it counts.
            return;
        }

        try
        {
            await job.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
