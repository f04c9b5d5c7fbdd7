using System.Globalization;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.Http;
using Authress.Emulator.Storage;
using Microsoft.Extensions.Primitives;

namespace Authress.Emulator.ServiceClients;

/// <summary>
/// The seven operations. The administrator may do all of them. Any other client has no permission on anything, itself
/// included: it gets 403 from the operations whose contract has 403 and no 404 (list, create), and 404 from all others.
/// </summary>
internal sealed class ServiceClientApi(
    Account account, ClientStore clients, AccessKeyApi keys, Func<CancellationToken, Task> saveAsync, EmulatorOptions options)
{
    private const int LargestPage = 20;

    /// <summary>The emulator's URL; known once the port is.</summary>
    public string Origin { get; set; } = "";

    public async Task<ApiResponse> RespondAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await RouteAsync(request, cancellationToken);
        }
        catch (InvalidRequestException problem)
        {
            return ApiResponse.Error(StatusCodes.Status400BadRequest, problem.Message, problem.ErrorCode);
        }
    }

    private Task<ApiResponse> RouteAsync(ApiRequest request, CancellationToken cancellationToken) => (request.Method, request.Segments) switch
    {
        ("GET", ["v1", "clients", { Length: > 0 } clientId, ".well-known", "openid-configuration", "jwks"]) => Task.FromResult(keys.KeySet(request, clientId)),
        ("GET", ["v1", "clients", { Length: > 0 } clientId, ".well-known", "openid-configuration"]) => Task.FromResult(IssuerConfiguration(clientId)),
        (_, ["v1", "clients", ..]) when request.Caller.Refusal is { } refusal && IsOperation(request) =>
            Task.FromResult(ApiResponse.Error(StatusCodes.Status401Unauthorized, refusal, "Unauthorized")),
        ("GET", ["v1", "clients"]) => Task.FromResult(MayAct(request) ? List(request) : Forbidden()),
        ("POST", ["v1", "clients"]) => MayAct(request) ? CreateAsync(request, cancellationToken) : Task.FromResult(Forbidden()),
        (_, ["v1", "clients", ..]) when IsOperation(request) && !MayAct(request) => Task.FromResult(ApiResponse.NoSuchClient()),
        ("GET", ["v1", "clients", { Length: > 0 } clientId]) => Task.FromResult(Retrieve(request, clientId)),
        ("PUT", ["v1", "clients", { Length: > 0 } clientId]) => UpdateAsync(request, clientId, cancellationToken),
        ("DELETE", ["v1", "clients", { Length: > 0 } clientId]) => DeleteAsync(clientId, cancellationToken),
        ("POST", ["v1", "clients", { Length: > 0 } clientId, "access-keys"]) => keys.CreateAsync(request, clientId, cancellationToken),
        ("DELETE", ["v1", "clients", { Length: > 0 } clientId, "access-keys", { Length: > 0 } keyId]) => keys.DeleteAsync(clientId, keyId, cancellationToken),
        _ => Task.FromResult(ApiResponse.Error(StatusCodes.Status404NotFound, "There is no such route.", "NotFound")),
    };

    private static bool IsOperation(ApiRequest request) => (request.Method, request.Segments) is
        ("GET" or "POST", ["v1", "clients"])
        or ("GET" or "PUT" or "DELETE", ["v1", "clients", { Length: > 0 }])
        or ("POST", ["v1", "clients", { Length: > 0 }, "access-keys"])
        or ("DELETE", ["v1", "clients", { Length: > 0 }, "access-keys", { Length: > 0 }]);

    private bool MayAct(ApiRequest request) => request.Caller.ClientId == account.AdminClientId;

    private ApiResponse List(ApiRequest request)
    {
        int limit = LargestPage;
        if (request.Query.TryGetValue("limit", out StringValues limits)
            && (!int.TryParse(limits, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage))
        {
            throw new InvalidRequestException($"limit must be a whole number from 1 to {LargestPage}.", "InvalidLimit");
        }

        long after = 0;
        if (request.Query.TryGetValue("cursor", out StringValues cursor) && !ListCursor.TryRead(cursor, out after))
            throw new InvalidRequestException("cursor is not one that a listing returned.", "InvalidCursor");

        ClientPage page = clients.Page(after, limit);
        string? next = page.NextAfter is { } last ? ListCursor.Write(last) : null;
        return ListPage(page.Clients, limit, next, request.Target);
    }

    private ApiResponse ListPage(IReadOnlyList<ServiceClient> page, int limit, string? next, string self) => ApiResponse.Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("clients");
        foreach (ServiceClient client in page)
            ClientJson.Write(json, client, Origin, withKeys: !options.ListOmitsKeys);
        json.WriteEndArray();
        if (next is not null && options.Paging != PagingStyle.LinkOnly)
        {
            json.WriteStartObject("pagination");
            json.WriteStartObject("next");
            json.WriteString("cursor", next);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        string? nextLink = next is null || options.Paging == PagingStyle.CursorOnly
            ? null
            : $"{Origin}/v1/clients?limit={limit.ToString(CultureInfo.InvariantCulture)}&cursor={Uri.EscapeDataString(next)}";
        ClientJson.WriteLinks(json, Origin + self, nextLink);
        json.WriteEndObject();
    });

    private ApiResponse Retrieve(ApiRequest request, string clientId) =>
        (request.ReadsStale ? clients.FindStale(clientId) : clients.Find(clientId)) is { } client
            ? ClientResponse(StatusCodes.Status200OK, client)
            : ApiResponse.NoSuchClient();

    private async Task<ApiResponse> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ClientDocument document = ClientDocumentReader.Read(request.Body);
        ServiceClient client = clients.Add(Identifiers.NewClientId(), options.Clock.GetUtcNow(), document);
        await saveAsync(cancellationToken);
        return ClientResponse(StatusCodes.Status201Created, client);
    }

    private async Task<ApiResponse> UpdateAsync(ApiRequest request, string clientId, CancellationToken cancellationToken)
    {
        if (clients.Find(clientId) is null)
            return ApiResponse.NoSuchClient();
        // A member that the body omits is cleared. That is the strictest reading of the contract, so a test detects a caller
        // that omits something.
        if (clients.Update(clientId, ClientDocumentReader.Read(request.Body)) is not { } client)
            return ApiResponse.NoSuchClient();
        await saveAsync(cancellationToken);
        return ClientResponse(StatusCodes.Status200OK, client);
    }

    private async Task<ApiResponse> DeleteAsync(string clientId, CancellationToken cancellationToken)
    {
        if (!clients.Remove(clientId))
            return ApiResponse.NoSuchClient();
        await saveAsync(cancellationToken);
        return ApiResponse.NoContent;
    }

    private ApiResponse IssuerConfiguration(string clientId) =>
        clients.Find(clientId) is null ? ApiResponse.NoSuchClient() : JsonWebKeySet.IssuerConfiguration(Origin + ClientJson.PathOf(clientId));

    private ApiResponse ClientResponse(int status, ServiceClient client) =>
        ApiResponse.Json(status, json => ClientJson.Write(json, client, Origin, withKeys: true));

    private static ApiResponse Forbidden() =>
        ApiResponse.Error(StatusCodes.Status403Forbidden, "You have no permission on service clients.", "Forbidden");
}
