using System.Globalization;
using System.Net;
using Authress.Client.Json;
using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Reads service clients, one or a page of them.</summary>
internal sealed class ServiceClientReader(ApiTransport transport, Invocation invocation)
{
    /// <summary>The request for one client.</summary>
    public static ApiRequest Request(string clientId) => new(HttpMethod.Get, Routes.ServiceClient(clientId), $"READ: Authress:ServiceClients/{clientId}");

    /// <summary>Sends the request for one client.</summary>
    /// <exception cref="AuthressApiException">The request failed, or returned another client.</exception>
    public async Task<ApiResponse<ServiceClientJson>> ReadAsync(string clientId, ApiRequest request, CancellationToken cancellationToken)
    {
        ApiResponse<ServiceClientJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, invocation, cancellationToken).ConfigureAwait(false);
        Verify(clientId, request, response);
        return response;
    }

    /// <exception cref="AuthressApiException">The response is not this client and must not be written back.</exception>
    public static ServiceClientJson Verify(string clientId, ApiRequest request, ApiResponse<ServiceClientJson> response) =>
        response.Value!.ClientId == clientId ? response.Value : throw ApiErrors.FromBody(request, response);

    /// <inheritdoc cref="AuthressApi.ListServiceClientsAsync" />
    public async Task<ServiceClientPage> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> query = [];
        if (limit is { } number)
            query.Add(new("limit", number.ToString(CultureInfo.InvariantCulture)));
        if (cursor is not null)
            query.Add(new("cursor", cursor));
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClients, "READ: Authress:ServiceClients") { Query = query };
        ApiResponse<ServiceClientPageJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, invocation, cancellationToken).ConfigureAwait(false);
        ServiceClientPageJson page = response.Value!;
        return page.Clients is null || page.Clients.Exists(client => client is not { ClientId.Length: > 0 })
            ? throw ApiErrors.FromBody(request, response)
            : new ServiceClientPage(page.Clients.ConvertAll(client => client.ToModel()), NextCursor(page)) { ServerTime = response.ServerDate };
    }

    private static string? NextCursor(ServiceClientPageJson page)
    {
        if (page.Pagination?.Next?.Cursor is { Length: > 0 } cursor)
            return cursor;

        // Only the cursor of the link is used, because the token must not be sent to a URL from a body.
        string? query = page.Links?.Next?.Href is { } href && href.IndexOf('?') is var mark and >= 0 ? href.Substring(mark + 1).Split('#')[0] : null;
        string? parameter = query?.Split('&').FirstOrDefault(part => part.StartsWith("cursor=", StringComparison.Ordinal));
        return parameter is { Length: > 7 } ? WebUtility.UrlDecode(parameter.Substring(7)) : null;
    }
}
