using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>
/// The moment at which a listing began. Clients that were created later are left out of it; otherwise a pipeline that creates
/// a client for each listed one would list those too, and never end.
/// </summary>
/// <param name="ruledOutIds">What this connection created and is creating.</param>
/// <param name="stopping">Cancels waits.</param>
internal sealed class ListingStart(RuledOutIds ruledOutIds, CancellationToken stopping)
{
    private readonly long _began = ServerClock.Now;
    private DateTimeOffset? _serverTime;
    private bool _hasBegun;

    /// <summary>A page that has just arrived, with the creations whose clients may be on it.</summary>
    public ServiceClientPage Arrived(ServiceClientPage page) => page with { Unfinished = ruledOutIds.Unfinished.Present };

    /// <summary>
    /// A page without the clients that are newer than the listing. The first page shows what was there. Waits for a creation
    /// only if its client may be on the page.
    /// </summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<ServiceClientPage> WithoutNewerAsync(ServiceClientPage page, CancellationToken cancellationToken)
    {
        if (_hasBegun)
        {
            if (page.Unfinished.Count > 0 && page.Clients.Any(MayBeUnfinished))
                await EndOfAsync(page.Unfinished, cancellationToken).ConfigureAwait(false);
            return page with { Clients = [.. page.Clients.Where(client => !IsNewer(client))] };
        }

        _hasBegun = true;
        _serverTime = page.ServerTime;
        return page;
    }

    // The server's time has whole seconds. What another connection created within the margin may have been there, and is listed.
    private bool IsNewer(ServiceClient client) =>
        ruledOutIds.WasCreatedSince(client.ClientId, _began) || SinceBeginning(client) >= ServerClock.Margin;

    private bool MayBeUnfinished(ServiceClient client) =>
        !IsNewer(client) && !ruledOutIds.WasCreated(client.ClientId) && !(SinceBeginning(client) < -ServerClock.Margin);

    // By the server's clock; null if that is unknown.
    private TimeSpan? SinceBeginning(ServiceClient client) => client.CreatedTime - _serverTime;

    private async Task EndOfAsync(IReadOnlyList<Task> creations, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken)))
        using (stopping.Register(() => cancelled.TrySetCanceled(stopping)))
            await (await Task.WhenAny(Task.WhenAll(creations), cancelled.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
