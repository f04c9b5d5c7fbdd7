using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Walks the list of service clients page by page, asking for a page only when it is wanted.</summary>
/// <param name="api">Where to ask.</param>
/// <param name="pageSize">How many clients a page holds, 1 to 20; null for the server's own.</param>
/// <param name="cursor">Where to begin; null for the start.</param>
public sealed class ServiceClientPager(AuthressApi api, int? pageSize, string? cursor)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _cursor = cursor;

    /// <summary>Whether there is no further page.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Whether the server offers as the next page one that it gave before. What it gave is good; to ask again is an error.</summary>
    public bool Repeats { get; private set; }

    /// <summary>Fetches the next page.</summary>
    /// <exception cref="AuthressApiException">The request failed, or the server offered a page for the second time.</exception>
    /// <exception cref="InvalidOperationException">There is no further page.</exception>
    public async Task<ServiceClientPage> NextAsync(CancellationToken cancellationToken)
    {
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
        ServiceClientPage page = await api.ListServiceClientsAsync(pageSize, _cursor, cancellationToken).ConfigureAwait(false);
        AtEnd = page.NextCursor is null;
        _cursor = page.NextCursor;
        Repeats = page.NextCursor is { } next && _seen.Contains(next);
        return Repeats ? page with { NextCursor = null } : page;
    }
}
