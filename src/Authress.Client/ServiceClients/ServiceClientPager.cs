using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Walks the list of service clients page by page. For one caller at a time.</summary>
public sealed class ServiceClientPager : IDisposable
{
    private readonly AuthressApi _api;
    private readonly int? _pageSize;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _cursor;
    private ComingPage? _coming;
    private bool _disposed;

    /// <summary>Creates a walk. Nothing is sent.</summary>
    /// <param name="api">Where to ask.</param>
    /// <param name="pageSize">How many clients a page holds, 1 to 20; null for the server's own.</param>
    /// <param name="cursor">Where to begin; null for the start.</param>
    /// <param name="readAhead">
    /// Whether the page after the one that is returned is asked for at once, so that it comes while this one is worked on. Not
    /// for callers who may have enough before the end. Without it a page is asked for only when it is wanted.
    /// </param>
    public ServiceClientPager(AuthressApi api, int? pageSize, string? cursor, bool readAhead = false)
    {
        _api = api ?? throw new ArgumentNullException(nameof(api));
        _pageSize = pageSize;
        _cursor = cursor;
        ReadAhead = readAhead;
    }

    /// <summary>Whether from now on the page after the one that is returned is asked for at once.</summary>
    public bool ReadAhead { get; set; }

    /// <summary>Whether there is no further page.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Whether the server offers as the next page one that it gave before. What it gave is good; to ask again is an error.</summary>
    public bool Repeats { get; private set; }

    /// <summary>Fetches the next page, or waits for the rest of it where it was asked for already.</summary>
    /// <param name="cancellationToken">Gives up this page, and where pages are read ahead the one after it as well.</param>
    /// <exception cref="AuthressApiException">The request failed, or the server offered a page for the second time. The page can be asked for again.</exception>
    /// <exception cref="InvalidOperationException">There is no further page.</exception>
    /// <exception cref="ObjectDisposedException">The walk was ended.</exception>
    public async Task<ServiceClientPage> NextAsync(CancellationToken cancellationToken)
    {
        if (_disposed)
            throw new ObjectDisposedException(nameof(ServiceClientPager));
        if (AtEnd)
            throw new InvalidOperationException("There is no further page.");
        if (Repeats)
        {
            throw new AuthressApiException("The list of service clients offered a page for the second time, so it would never end. The clients up to here are all that it told.")
            {
                Failure = ApiFailure.CursorRepeated,
                Method = "GET",
                Path = "/" + Routes.ServiceClients,
            };
        }

        if (_cursor is not null)
            _seen.Add(_cursor);
        ServiceClientPage page = await FetchAsync(cancellationToken).ConfigureAwait(false);
        AtEnd = page.NextCursor is null;
        _cursor = page.NextCursor;
        Repeats = page.NextCursor is { } next && _seen.Contains(next);
        if (ReadAhead && !AtEnd && !Repeats && !_disposed && !cancellationToken.IsCancellationRequested)
            _coming = new ComingPage(_api, _pageSize, _cursor, cancellationToken);
        return Repeats ? page with { NextCursor = null } : page;
    }

    /// <summary>Ends the walk. A page that is on its way is given up, and no further one asked for.</summary>
    public void Dispose()
    {
        _disposed = true;
        _coming?.Dispose();
        _coming = null;
    }

    private async Task<ServiceClientPage> FetchAsync(CancellationToken cancellationToken)
    {
        if (_coming is not { } coming)
            return await _api.ListServiceClientsAsync(_pageSize, _cursor, cancellationToken).ConfigureAwait(false);

        // Whether it succeeds or not, it is used up: after a failure the page is asked for again.
        _coming = null;
        using (coming)
            return await coming.GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A page that was asked for before it was wanted.</summary>
    private sealed class ComingPage : IDisposable
    {
        private readonly CancellationTokenSource _givingUp;
        private readonly Task<ServiceClientPage> _page;

        public ComingPage(AuthressApi api, int? pageSize, string? cursor, CancellationToken cancellationToken)
        {
            _givingUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

            // Elsewhere, for to put a request together and to hand it to the network takes time too.
            CancellationToken token = _givingUp.Token;
            _page = Task.Run(() => api.ListServiceClientsAsync(pageSize, cursor, token), CancellationToken.None);
        }

        public async Task<ServiceClientPage> GetAsync(CancellationToken cancellationToken)
        {
            using (cancellationToken.Register(_givingUp.Cancel))
                return await _page.ConfigureAwait(false);
        }

        public void Dispose()
        {
            _givingUp.Cancel();

            // Nobody waits for it any more, so a failure is observed here; and only then is its token no longer needed.
            _page.ContinueWith(
                (page, source) =>
                {
                    _ = page.Exception;
                    ((CancellationTokenSource)source!).Dispose();
                },
                _givingUp,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
