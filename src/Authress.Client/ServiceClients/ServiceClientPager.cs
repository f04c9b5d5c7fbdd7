using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Reads the list of service clients page by page. Not thread-safe.</summary>
public sealed class ServiceClientPager : IDisposable
{
    private readonly ServiceClientReader _reader;
    private readonly int? _pageSize;
    private readonly ListingStart? _start;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _cursor;
    private PendingPage? _pending;
    private bool _disposed;

    /// <summary>Creates a pager.</summary>
    /// <param name="reader">Requests the pages.</param>
    /// <param name="pageSize">The page size; null for the server's default.</param>
    /// <param name="cursor">The cursor of the first page; null for the start of the list.</param>
    /// <param name="start">Leaves out what is created from now on; null for a list with the newest clients.</param>
    internal ServiceClientPager(ServiceClientReader reader, int? pageSize, string? cursor, ListingStart? start = null)
    {
        _reader = reader;
        _start = start;
        _pageSize = pageSize;
        _cursor = cursor;
    }

    /// <summary>
    /// Whether the page after a returned one is requested immediately, so that it arrives while the caller works. Off by default,
    /// for callers who may stop before the end.
    /// </summary>
    public bool ReadAhead { get; set; }

    /// <summary>Whether the last page was returned.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Whether the next page is one that was returned before. The pages so far are valid; the next call throws.</summary>
    public bool Repeats { get; private set; }

    /// <summary>Fetches the next page, or waits for it if it was read ahead.</summary>
    /// <param name="cancellationToken">Cancels this page, and the one that is read ahead after it.</param>
    /// <exception cref="AuthressApiException">The request failed, in which case the page can be requested again; or the list repeats.</exception>
    /// <exception cref="InvalidOperationException">The last page was returned.</exception>
    /// <exception cref="ObjectDisposedException">The pager was disposed.</exception>
    public async Task<ServiceClientPage> NextAsync(CancellationToken cancellationToken)
    {
        if (_disposed)
            throw new ObjectDisposedException(nameof(ServiceClientPager));
        if (AtEnd)
            throw new InvalidOperationException("There is no further page.");
        if (Repeats)
        {
            throw new AuthressApiException(Messages.PageRepeated)
            {
                Failure = ApiFailure.CursorRepeated,
                Method = "GET",
                Path = "/" + Routes.ServiceClients,
            };
        }

        if (_cursor is not null)
            _seen.Add(_cursor);
        ServiceClientPage page = await FetchAsync(cancellationToken).ConfigureAwait(false);
        if (_start is not null)
            page = await _start.WithoutNewerAsync(page, cancellationToken).ConfigureAwait(false);
        AtEnd = page.NextCursor is null;
        _cursor = page.NextCursor;
        Repeats = page.NextCursor is { } next && _seen.Contains(next);
        if (ReadAhead && !AtEnd && !Repeats && !_disposed && !cancellationToken.IsCancellationRequested)
            _pending = new PendingPage(RequestAsync, cancellationToken);
        return Repeats ? page with { NextCursor = null } : page;
    }

    /// <summary>Cancels a page that is being read ahead.</summary>
    public void Dispose()
    {
        _disposed = true;
        _pending?.Dispose();
        _pending = null;
    }

    private async Task<ServiceClientPage> FetchAsync(CancellationToken cancellationToken)
    {
        if (_pending is not { } pending)
            return await RequestAsync(cancellationToken).ConfigureAwait(false);

        // After a failure the page is requested again.
        _pending = null;
        using (pending)
            return await pending.GetAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ServiceClientPage> RequestAsync(CancellationToken cancellationToken)
    {
        ServiceClientPage page = await _reader.ListAsync(_pageSize, _cursor, cancellationToken).ConfigureAwait(false);
        return _start?.Arrived(page) ?? page;
    }

    /// <summary>A page that is being read ahead.</summary>
    private sealed class PendingPage : IDisposable
    {
        private readonly CancellationTokenSource _cancellation;
        private readonly Task<ServiceClientPage> _page;

        public PendingPage(Func<CancellationToken, Task<ServiceClientPage>> request, CancellationToken cancellationToken)
        {
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

            // On another thread, because composing and sending a request takes time too.
            CancellationToken token = _cancellation.Token;
            _page = Task.Run(() => request(token), CancellationToken.None);
        }

        public async Task<ServiceClientPage> GetAsync(CancellationToken cancellationToken)
        {
            using (cancellationToken.Register(_cancellation.Cancel))
                return await _page.ConfigureAwait(false);
        }

        public void Dispose()
        {
            _cancellation.Cancel();

            // The page's failure is observed here. Its token is needed until it has ended.
            _page.ContinueWith(
                (page, source) =>
                {
                    _ = page.Exception;
                    ((CancellationTokenSource)source!).Dispose();
                },
                _cancellation,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
