namespace Authress.PowerShell.Bulk;

/// <summary>
/// Keeps several requests in flight and gives their outcomes back in the order in which they were queued. Requests on one
/// client never overlap and keep their order. Used from the pipeline's thread alone, unless it is said; only the requests run elsewhere.
/// </summary>
/// <param name="throttle">How many requests are in flight at most.</param>
internal sealed class FanOut(int throttle)
{
    private const int SmallestWindow = 32;

    // Jobs that have not been taken, and the last of each client among them: the pipeline's thread alone.
    private readonly Queue<Job> _jobs = new();
    private readonly Dictionary<string, Job> _lastOfClient = new(StringComparer.Ordinal);

    // Shared with the requests.
    private readonly object _gate = new();
    private readonly Queue<Job> _ready = new();
    private int _runners;
    private bool _noMore;

    // So many jobs may be unfinished or unwritten. Wide enough that one slow answer does not stall the rest, and a bound
    // of the memory that does not depend on the number of inputs.
    private readonly int _window = Math.Max(SmallestWindow, 4 * throttle);

    /// <summary>Whether the first job must be taken before another is queued.</summary>
    public bool IsFull => _jobs.Count >= _window;

    /// <summary>The job that was queued first; null where there is none.</summary>
    public Job? First => _jobs.Count > 0 ? _jobs.Peek() : null;

    /// <summary>
    /// The job whose end is worth waiting for, for a moment, rather than the first one's: to wake for every single one costs
    /// more than the one. Those that are not begun yet keep the requests going meanwhile.
    /// </summary>
    public Job? Ahead => _jobs.ElementAtOrDefault(Math.Min(throttle, _jobs.Count) - 1);

    /// <summary>All jobs that have not been taken, in their order.</summary>
    public IEnumerable<Job> Jobs => _jobs;

    /// <summary>Whether a job on this client has not been taken yet.</summary>
    public bool Holds(string clientId) => _lastOfClient.ContainsKey(clientId);

    /// <summary>Queues a job. It runs as soon as there is room and its client's job before it has ended.</summary>
    public void Add(Job job)
    {
        _jobs.Enqueue(job);
        if (job.HasEnded)
            return;
        Job? before = null;
        if (job.ClientId is not null)
        {
            _lastOfClient.TryGetValue(job.ClientId, out before);
            _lastOfClient[job.ClientId] = job;
        }

        Runner runner = Runner.None;
        bool isTooLate;
        lock (_gate)
        {
            if (before is { HasEnded: false })
            {
                before.Next = job;
                return;
            }

            isTooLate = _noMore;
            if (!isTooLate)
                runner = Ready(job);
        }

        if (isTooLate)
            End(job);
        else
            Run(runner);
    }

    /// <summary>Takes the first job out.</summary>
    public Job Take()
    {
        Job job = _jobs.Dequeue();
        if (job.ClientId is not null && _lastOfClient.TryGetValue(job.ClientId, out Job? last) && last == job)
            _lastOfClient.Remove(job.ClientId);
        return job;
    }

    /// <summary>Lets no further request begin, but for those that take back. Those in flight go on. May be called on any thread.</summary>
    public void BeginNoMore()
    {
        List<Job> dropped;
        lock (_gate)
        {
            // What takes back is queued later, and is not to be dropped.
            if (_noMore)
                return;
            _noMore = true;
            dropped = [.. _ready];
            _ready.Clear();
        }

        // They were never begun, which is how they count.
        foreach (Job job in dropped)
            End(job);
    }

    /// <summary>Awaits a job and takes back what it did, where its result can't reach anybody any more. Takes its turn as the jobs do.</summary>
    /// <returns>What reports it; null where nothing is taken back.</returns>
    public async Task<Action?> TakeBackAsync(Job job)
    {
        await job.Ended.ConfigureAwait(false);
        if (!job.HasChanged || !job.CanUndo)
            return null;
        TakingBack undo = new(job);
        Runner runner;
        lock (_gate)
            runner = Ready(undo);
        Run(runner);
        await undo.Ended.ConfigureAwait(false);
        return undo.Report;
    }

    // Called under the lock; the runner is started outside it.
    private Runner Ready(Job job)
    {
        _ready.Enqueue(job);
        if (_runners == throttle)
            return Runner.None;
        return _runners++ == 0 ? Runner.Here : Runner.Elsewhere;
    }

    // Where nothing else is under way the pipeline's thread has nothing better to do than to send the request itself, and a
    // single one is sooner there. Among many it has its own work.
    private void Run(Runner runner)
    {
        if (runner == Runner.Here)
            _ = RunAsync();
        else if (runner == Runner.Elsewhere)
            ThreadPool.QueueUserWorkItem(static fanOut => _ = ((FanOut)fanOut!).RunAsync(), this);
    }

    // As many of these as there is work for, up to the throttle: each goes straight from one request to the next, which
    // costs less than to wait for a turn. Never fails: a job keeps its own failure until it is written.
    private async Task RunAsync()
    {
        while (Next() is { } job)
        {
            try
            {
                await job.BeginAsync().ConfigureAwait(false);
                job.Succeed();
            }
            catch (Exception e)
            {
                job.Fail(e);
            }

            End(job);
        }
    }

    private Job? Next()
    {
        lock (_gate)
        {
            if (_ready.Count > 0)
                return _ready.Dequeue();
            _runners--;
            return null;
        }
    }

    // And with it those that would have come after it on the same client, where nothing more is begun.
    private void End(Job job)
    {
        for (Job? ended = job; ended is not null;)
        {
            Job? next;
            lock (_gate)
            {
                ended.HasEnded = true;
                next = ended.Next;
                if (next is not null && !_noMore)
                {
                    _ready.Enqueue(next);
                    next = null;
                }
            }

            ended.TellEnd();
            ended = next;
        }
    }

    private enum Runner
    {
        None,
        Here,
        Elsewhere,
    }
}
