using System.Net;

namespace Authress.Client.Transport;

/// <summary>
/// Limits the requests of one connection, across all callers, to the rate that the server accepts. A <c>Retry-After</c>
/// pauses all of them. If more than a tenth of the responses are 429, the number in flight is cut; each success raises it
/// again. Waiting requests are sent in order of arrival, and none is dropped.
/// </summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting, and with them Polly's, have a fixed limit. A few 429s don't cut the limit,
/// because each already makes its own request wait.
/// </remarks>
/// <param name="time">The clock for pauses.</param>
/// <param name="longestPause">The longest time that a <c>Retry-After</c> delays any request.</param>
internal sealed class AdaptiveConcurrencyLimiter(TimeProvider time, TimeSpan longestPause) : IDisposable
{
    // The share of 429s is a moving average over about this many responses. With half as many, random peaks of an
    // average of 5 % would often exceed the tolerance and reduce the throughput by a quarter.
    private const double AveragedOver = 64;
    private const double ToleratedShare = 0.10;
    private const double Cut = 0.7;

    // A limit this high has no effect, so it is lifted.
    private const double NoLimitFrom = 256;

    private readonly object _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private int _inFlight;

    // How many requests may be in flight; infinite until the server rejects too many.
    private double _limit = double.PositiveInfinity;
    private double _share;
    private int _responsesSinceCut;
    private long _pausedUntil;
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Begins a request if it need not wait. After true, the caller must call <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 || !HasRoom || (_pausedUntil != 0 && IsPaused(time.GetTimestamp())))
                return false;
            _inFlight++;
            return true;
        }
    }

    /// <summary>Waits until a request may begin. The caller must then call <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; the request must not begin.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_disposed)
                throw new ObjectDisposedException(nameof(AuthressApi));
            waiter = new Waiter(time.GetTimestamp() + Ticks(longestPause));
            _waiting.AddLast(waiter.Place);
            ReleaseWaiters();
        }

        using (cancellationToken.Register(() => Cancel(waiter, cancellationToken)))
            await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>Ends a request and adapts to its response.</summary>
    /// <param name="status">The response's status; null if none arrived.</param>
    /// <param name="retryAfter">The wait that the server requested.</param>
    public void Leave(HttpStatusCode? status, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            if (status is { } received)
                Adapt((int)received, retryAfter);
            _inFlight--;
            if (_waiting.Count > 0)
                ReleaseWaiters();
        }
    }

    /// <summary>Fails all waiting requests, and lets no further one begin.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (Waiter waiter in _waiting)
                waiter.TrySetException(new ObjectDisposedException(nameof(AuthressApi)));
            _waiting.Clear();
            _timer?.Dispose();
        }
    }

    // One request may always be in flight.
    private bool HasRoom => _inFlight == 0 || _inFlight + 1 <= _limit;

    private bool IsPaused(long now)
    {
        if (_pausedUntil == 0 || now < _pausedUntil)
            return _pausedUntil != 0;
        _pausedUntil = 0;
        return false;
    }

    private void Adapt(int status, TimeSpan? retryAfter)
    {
        bool tooManyRequests = status == 429;
        if ((tooManyRequests || status == 503) && retryAfter > TimeSpan.Zero)
        {
            TimeSpan pause = retryAfter.Value < longestPause ? retryAfter.Value : longestPause;
            if (pause > TimeSpan.Zero)
                _pausedUntil = Math.Max(_pausedUntil, time.GetTimestamp() + Ticks(pause));
        }

        _share += ((tooManyRequests ? 1 : 0) - _share) / AveragedOver;
        _responsesSinceCut++;
        if (tooManyRequests && _share > ToleratedShare && (double.IsInfinity(_limit) || _responsesSinceCut >= _limit))
        {
            _limit = Math.Max(1, Math.Min(_limit, _inFlight) * Cut);
            _responsesSinceCut = 0;
        }
        else if (status < 400 && !double.IsInfinity(_limit))
        {
            _limit += 1 / _limit;
            if (_limit >= NoLimitFrom)
                _limit = double.PositiveInfinity;
        }
    }

    // Called under the lock. Released requests continue on other threads.
    private void ReleaseWaiters()
    {
        long now = time.GetTimestamp();
        bool paused = IsPaused(now);

        // One pause may follow another, so no request is held for longer than the longest pause.
        while (_waiting.First is { Value: var first } && HasRoom && (!paused || now >= first.HeldUntil))
        {
            _waiting.RemoveFirst();
            _inFlight++;
            first.TrySetResult(true);
        }

        if (paused && _waiting.First is { Value: var next } && HasRoom)
            WakeAt(Math.Min(_pausedUntil, next.HeldUntil), now);
    }

    private void WakeAt(long moment, long now)
    {
        // Rounded up: a timer that fires early would have to be set again.
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Ceiling((moment - now) * 1000.0 / time.TimestampFrequency));
        if (_timer is null)
            _timer = time.CreateTimer(static limiter => ((AdaptiveConcurrencyLimiter)limiter!).Wake(), this, due, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_disposed)
                ReleaseWaiters();
        }
    }

    private void Cancel(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Already released. The request itself checks for cancellation.
            if (waiter.Place.List is null)
                return;
            _waiting.Remove(waiter.Place);
            waiter.TrySetCanceled(cancellationToken);

            // The request that is now first may be due already.
            ReleaseWaiters();
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Waiter : TaskCompletionSource<bool>
    {
        public Waiter(long heldUntil)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            HeldUntil = heldUntil;
            Place = new LinkedListNode<Waiter>(this);
        }

        public LinkedListNode<Waiter> Place { get; }

        /// <summary>From when pauses no longer hold the request.</summary>
        public long HeldUntil { get; }
    }
}
