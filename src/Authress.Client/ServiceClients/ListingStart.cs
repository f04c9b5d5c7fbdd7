using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>
/// The moment at which a listing began. Clients that were created later are left out of it; otherwise a pipeline that creates
/// a client for each listed one would list those too, and never end.
/// </summary>
/// <param name="ruledOutIds">What this connection created.</param>
internal sealed class ListingStart(RuledOutIds ruledOutIds)
{
    private readonly long _began = ServerClock.Now;
    private DateTimeOffset? _serverTime;
    private bool _hasBegun;

    /// <summary>A page without the clients that are newer than the listing. The first page shows what was there.</summary>
    public ServiceClientPage WithoutNewer(ServiceClientPage page)
    {
        if (_hasBegun)
            return page with { Clients = [.. page.Clients.Where(client => !IsNewer(client))] };
        _hasBegun = true;
        _serverTime = page.ServerTime;
        return page;
    }

    // The server's time has whole seconds. What another connection created within the margin may have been there, and is listed.
    private bool IsNewer(ServiceClient client) =>
        ruledOutIds.WasCreatedSince(client.ClientId, _began)
        || (client.CreatedTime is { } created && _serverTime is { } began && created - began >= ServerClock.Margin);
}
