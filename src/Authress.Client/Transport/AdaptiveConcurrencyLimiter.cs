using System.Net;

namespace Authress.Client.Transport;

/// <summary>
/// Slows all requests of one connection, whoever makes them, to what the server takes. A <c>Retry-After</c> holds them all
/// back until then; where more than a tenth of the answers are 429, fewer are in flight at once, and more again with every
/// good answer. Nothing is dropped: what has to wait goes in the order in which it came.
/// </summary>
/// <remarks>
/// A class of its own, since no limiter of the libraries can do it: those of System.Threading.RateLimiting have a limit
/// that can't change, and Polly has only those. A few 429s are no reason to slow down, for each costs its own request a
/// wait already.
/// </remarks>
/// <param name="time">The clock that pauses are measured by.</param>
/// <param name="longestPause">The most that a <c>Retry-After</c> holds any request back.</param>
internal sealed class AdaptiveConcurrencyLimiter(TimeProvider time, TimeSpan longestPause) : IDisposable
{
    // The share of 429s is a moving average over about this many answers. Over half as many, chance alone would lift a share
    // of one in twenty above the bound so often that a quarter of the throughput would be lost.
    private const double AveragedOver = 64;
    private const double ToleratedShare = 0.10;
    private const double Cut = 0.7;

    // A limit that has grown so far binds nobody.
    private const double NoLimitFrom = 256;

    private readonly object _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private int _inFlight;
    private double _limit = double.PositiveInfinity;
    private double _share;
    private int _answersSinceCut;
    private long _pausedUntil;
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>How many requests may be in flight; infinite unless the server has had too much.</summary>
    public double Limit
    {
        get
        {
            lock (_gate)
                return _limit;
        }
    }

    /// <summary>Begins a request if it need not wait. Whoever is let in must <see cref="Leave"/>.</summary>
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

    /// <summary>Waits until a request may begin. Whoever is let in must <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; it has not been let in.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_disposed)
                throw new ObjectDisposedException(nameof(AuthressApi));
            waiter = new Waiter(time.GetTimestamp() + Ticks(longestPause));
            _waiting.AddLast(waiter.Place);
            LetIn();
        }

        using (cancellationToken.Register(() => GiveUp(waiter, cancellationToken)))
            await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>Ends a request and learns from its answer.</summary>
    /// <param name="status">The answer's status; null where none came.</param>
    /// <param name="retryAfter">How long the server asked to wait.</param>
    public void Leave(HttpStatusCode? status, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            if (status is { } answered)
                Learn((int)answered, retryAfter);
            _inFlight--;
            if (_waiting.Count > 0)
                LetIn();
        }
    }

    /// <summary>Lets nobody in any more.</summary>
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

    // There is always room for one.
    private bool HasRoom => _inFlight == 0 || _inFlight + 1 <= _limit;

    private bool IsPaused(long now)
    {
        if (_pausedUntil == 0 || now < _pausedUntil)
            return _pausedUntil != 0;
        _pausedUntil = 0;
        return false;
    }

    private void Learn(int status, TimeSpan? retryAfter)
    {
        bool tooMany = status == 429;
        if ((tooMany || status == 503) && retryAfter > TimeSpan.Zero)
        {
            TimeSpan pause = retryAfter.Value < longestPause ? retryAfter.Value : longestPause;
            if (pause > TimeSpan.Zero)
                _pausedUntil = Math.Max(_pausedUntil, time.GetTimestamp() + Ticks(pause));
        }

        _share += ((tooMany ? 1 : 0) - _share) / AveragedOver;
        _answersSinceCut++;
        if (tooMany && _share > ToleratedShare && (double.IsInfinity(_limit) || _answersSinceCut >= _limit))
        {
            _limit = Math.Max(1, Math.Min(_limit, _inFlight) * Cut);
            _answersSinceCut = 0;
        }
        else if (status < 400 && !double.IsInfinity(_limit))
        {
            _limit += 1 / _limit;
            if (_limit >= NoLimitFrom)
                _limit = double.PositiveInfinity;
        }
    }

    // Called under the lock; those let in go on elsewhere.
    private void LetIn()
    {
        long now = time.GetTimestamp();
        bool paused = IsPaused(now);

        // Pauses may follow each other without end, so nobody is held back by them for longer than the longest one.
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
        // Rounded up: a timer that came early would only have to be set again.
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Ceiling((moment - now) * 1000.0 / time.TimestampFrequency));
        if (_timer is null)
            _timer = time.CreateTimer(static flow => ((AdaptiveConcurrencyLimiter)flow!).Wake(), this, due, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_disposed)
                LetIn();
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Who has been let in already finds out by itself.
            if (waiter.Place.List is null)
                return;
            _waiting.Remove(waiter.Place);
            waiter.TrySetCanceled(cancellationToken);

            // Whoever is first now may have been held for longer than this one.
            LetIn();
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

        /// <summary>When pauses no longer hold it back.</summary>
        public long HeldUntil { get; }
    }
}
