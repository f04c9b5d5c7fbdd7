namespace Authress.PowerShell.Bulk;

/// <summary>Queues a cmdlet's requests and writes their outcomes in the order of the input.</summary>
internal sealed class BulkPipeline : IDisposable
{
    // The longest time that an outcome waits for others, so that the thread wakes less often.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(10);

    private readonly BulkCommand _command;
    private readonly OrderedRequestQueue _queue;
    private readonly EarlyEnd _end;
    private readonly Queue<PendingRequest> _gathered = new();
    private readonly Gathering _gathering;

    /// <summary>Creates one.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="throttle">The maximum number of requests in flight.</param>
    /// <param name="gathering">Whether requests begin only when all are known.</param>
    public BulkPipeline(BulkCommand command, int throttle, Gathering gathering)
    {
        _command = command;
        _gathering = gathering;
        _queue = new OrderedRequestQueue(throttle);
        _end = new EarlyEnd(command, _queue);
    }

    /// <summary>Queues a request, and writes the available outcomes.</summary>
    public void Add(PendingRequest request)
    {
        if (_gathering == Gathering.Always || (_gathering == Gathering.IfSeveral && !_queue.IsSequential))
            _gathered.Enqueue(request);
        else
            Begin(request);
    }

    /// <summary>Waits for all requests and writes their outcomes.</summary>
    public void WriteAll()
    {
        while (_gathered.Count > 0)
        {
            PendingRequest request = _gathered.Dequeue();
            Begin(request);

            // An error that ends the command does so before the next request begins.
            while (request is InvalidInput && _command.StopsAtError && _queue.First is not null)
                WriteFirst();
        }

        while (_queue.First is not null)
            WriteFirst();
    }

    /// <summary>Waits until no request on a client is pending, and writes the outcomes up to then.</summary>
    public void WriteAllOf(string clientId)
    {
        while (_queue.Contains(clientId))
            WriteFirst();
    }

    /// <summary>Sends no further request. May be called on any thread.</summary>
    public void Close() => _queue.Close();

    /// <summary>Reports the requests that are still pending when the command ends.</summary>
    public void Dispose()
    {
        _end.Abandon();
        _queue.Dispose();
    }

    private void Begin(PendingRequest request)
    {
        _command.CommandLifetime.ThrowIfStopping();
        while (_queue.IsFull)
            WriteFirst();
        _queue.Add(request);
        while (_queue.First is { } first && (first.Completion.IsCompleted || _queue.IsSequential))
            WriteFirst();
    }

    private void WriteFirst()
    {
        bool written = false;
        try
        {
            if (!_queue.First!.Completion.IsCompleted)
                _command.Wait(_queue.LastInFlight.Completion, LongestDelay);
            _command.Wait(_queue.First.Completion);
            _command.CommandLifetime.ThrowIfStopping();
            PendingRequest request = _queue.Take();
            _end.WriteOrReport(request, () => Write(request));
            written = true;
        }
        finally
        {
            // Select-Object -First ends the pipeline with an exception from the write, and nothing is called afterwards.
            if (!written)
                _end.Abandon();
        }
    }

    private void Write(PendingRequest request)
    {
        if (request.Succeeded)
        {
            _command.Progress.WriteCounted(request.Write);
            return;
        }

        if (request.Failure is not { } failure)
            return;
        if (_command.StopsAtError)
            _end.WriteBeforeError();
        _end.KeepIgnored(request);
        _command.Progress.WriteCounted(() =>
        {
            if (request is InvalidInput invalid)
                _command.WriteError(invalid.Error);
            else
                _command.WriteFailure(failure, request.Target);
        });
    }
}
