using System.Globalization;
using System.Net;
using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client;

/// <content>The operations on service clients.</content>
public sealed partial class AuthressApi
{
    /// <summary>Lists the service clients that the caller may see, one page.</summary>
    /// <param name="limit">How many at most, 1 to 20; null for the server's own number.</param>
    /// <param name="cursor">Where to go on; null for the start.</param>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<ServiceClientPage> ListServiceClientsAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> query = [];
        if (limit is { } number)
            query.Add(new("limit", number.ToString(CultureInfo.InvariantCulture)));
        if (cursor is not null)
            query.Add(new("cursor", cursor));
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClients, "READ: Authress:ServiceClients") { Query = query };
        ApiAnswer<ServiceClientPageJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, _invocation, cancellationToken).ConfigureAwait(false);
        ServiceClientPageJson page = answer.Value!;
        return page.Clients is null || page.Clients.Exists(client => client is not { ClientId.Length: > 0 })
            ? throw ApiErrors.FromBody(request, answer)
            : new ServiceClientPage(page.Clients.ConvertAll(client => client.ToModel()), NextCursor(page));
    }

    /// <summary>Reads one service client.</summary>
    /// <param name="clientId">Its id.</param>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <exception cref="ArgumentException">The id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed; 404 also where the caller may not see the client.</exception>
    public async Task<ServiceClient> GetServiceClientAsync(string clientId, CancellationToken cancellationToken)
    {
        ApiRequest request = Routes.Retrieve(clientId);
        return Check(clientId, request, await RetrieveAsync(request, cancellationToken).ConfigureAwait(false)).ToModel(clientId);
    }

    /// <summary>Creates a service client.</summary>
    /// <param name="content">What it is made of; what is not given, Authress decides.</param>
    /// <param name="cancellationToken">Gives up the request; a client may then have been made.</param>
    /// <returns>The client as Authress made it, with its id.</returns>
    /// <exception cref="ArgumentException">A name or a tag is too long.</exception>
    /// <exception cref="AuthressApiException">
    /// The request failed. Where its outcome is unknown it is not sent again; <see cref="FindCreatedAsync"/> looks for what it made.
    /// </exception>
    public async Task<ServiceClient> CreateServiceClientAsync(ServiceClientChange content, CancellationToken cancellationToken)
    {
        if (content is null)
            throw new ArgumentNullException(nameof(content));
        content.Validate();
        ApiRequest request = new(HttpMethod.Post, Routes.ServiceClients, "CREATE: Authress:ServiceClients")
        {
            Body = content.ToNewClient(),
        };
        long began = ServerClock.Now;
        try
        {
            ApiAnswer<ServiceClientJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _invocation, cancellationToken).ConfigureAwait(false);
            if (answer.Value!.ClientId is not { Length: > 0 } id)
                throw ApiErrors.FromBody(request, answer);
            _told.Add(id);
            return answer.Value.ToModel();
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            e.Sought = new SoughtServiceClient(content.Name.Value, began);
            throw;
        }
    }

    /// <summary>
    /// Looks for the clients that creations with an unknown outcome may have made: one listing for all of them, bounded in
    /// pages and time. Each exception's <see cref="AuthressApiException.Candidates"/> are then the clients of the name that
    /// was asked for which are new by the server's clock since its request began and which no creation over this connection
    /// returned; <see cref="AuthressApiException.CandidatesKnown"/> tells whether the listing came to its end.
    /// </summary>
    /// <param name="unknowns">What <see cref="CreateServiceClientAsync"/> threw; others are passed over.</param>
    /// <param name="cancellationToken">Gives up the listing.</param>
    /// <exception cref="OperationCanceledException">The caller gave up. What had been found is in the exceptions.</exception>
    public Task FindCreatedAsync(IReadOnlyList<AuthressApiException> unknowns, CancellationToken cancellationToken)
    {
        if (unknowns is null)
            throw new ArgumentNullException(nameof(unknowns));
        return new ServiceClientSearch(this, _transport.Clock, _told).FillAsync(unknowns, cancellationToken);
    }

    /// <summary>
    /// Changes a service client: reads it, merges the changes in, and writes the whole object back. Where an update may or may
    /// not have been carried out, the client is read again first: as it was wanted, that was it; otherwise the changes are merged anew.
    /// </summary>
    /// <param name="clientId">Its id.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Gives up the request; the client may then have been changed.</param>
    /// <returns>The client as it is now. Where it already was as wanted, nothing was written.</returns>
    /// <exception cref="ArgumentException">The id can't be one, or a name or a tag is too long.</exception>
    /// <exception cref="AuthressApiException">A request failed.</exception>
    public async Task<ServiceClient> UpdateServiceClientAsync(string clientId, ServiceClientChange change, CancellationToken cancellationToken)
    {
        if (change is null)
            throw new ArgumentNullException(nameof(change));
        change.Validate();
        ApiRequest look = Routes.Retrieve(clientId);
        ApiAnswer<ServiceClientJson> read = await RetrieveAsync(look, cancellationToken).ConfigureAwait(false);
        ServiceClientJson now = Check(clientId, look, read);
        if (ServiceClientMerge.Apply(now, change) is not { } merged)
            return now.ToModel(clientId);
        Recheck<ServiceClientJson> recheck = new(look, there => MergeInDoubt(look, there, clientId, change.Rebase(now)));
        ApiRequest request = new(HttpMethod.Put, Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}")
        {
            Body = Write(merged, look, read),
        };
        ApiAnswer<ServiceClientJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _invocation, cancellationToken, recheck).ConfigureAwait(false);
        return answer.Value!.ClientId is null || answer.Value.ClientId == clientId ? answer.Value.ToModel(clientId) : throw ApiErrors.FromBody(request, answer);
    }

    /// <summary>Deletes a service client and its keys.</summary>
    /// <param name="clientId">Its id.</param>
    /// <param name="cancellationToken">Gives up the request; the client may then be gone.</param>
    /// <exception cref="ArgumentException">The id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteServiceClientAsync(string clientId, CancellationToken cancellationToken) =>
        _transport.SendAsync(Routes.Delete(Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}"), _invocation, cancellationToken);

    private Task<ApiAnswer<ServiceClientJson>> RetrieveAsync(ApiRequest request, CancellationToken cancellationToken) =>
        _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _invocation, cancellationToken);

    // An object that names another client, or none, is no answer to this question; writing it back would be worse.
    private static ServiceClientJson Check(string clientId, ApiRequest request, ApiAnswer<ServiceClientJson> answer) =>
        answer.Value!.ClientId == clientId ? answer.Value : throw ApiErrors.FromBody(request, answer);

    // Members that are not known are kept as they were read, and only now does it show where one holds a text that is no
    // valid UTF-8 or UTF-16. To leave it out would take it away from the client.
    private static byte[] Write(ServiceClientJson merged, ApiRequest look, ApiAnswer<ServiceClientJson> read)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(merged, AuthressJsonContext.Default.ServiceClientJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            read.Value = null;
            read.BodyFailure = e;
            throw ApiErrors.FromBody(look, read);
        }
    }

    // What to send of an update that may have been carried out already, in view of what is there now; null for nothing.
    private static byte[]? MergeInDoubt(ApiRequest look, ApiAnswer<ServiceClientJson> there, string clientId, ServiceClientChange change)
    {
        try
        {
            if (there.Value!.ClientId != clientId)
                throw ApiErrors.FromBody(look, there);
            return ServiceClientMerge.Apply(there.Value, change) is { } merged
                ? Write(merged, look, there)
                : null;
        }
        catch (AuthressApiException e)
        {
            e.OutcomeUnknown = true;
            throw;
        }
    }

    private static string? NextCursor(ServiceClientPageJson page)
    {
        if (page.Pagination?.Next?.Cursor is { Length: > 0 } cursor)
            return cursor;

        // Only the cursor is taken out of the link: the token never goes to an address that a body names.
        string? query = page.Links?.Next?.Href is { } href && href.IndexOf('?') is var mark and >= 0 ? href.Substring(mark + 1).Split('#')[0] : null;
        string? parameter = query?.Split('&').FirstOrDefault(part => part.StartsWith("cursor=", StringComparison.Ordinal));
        return parameter is { Length: > 7 } ? WebUtility.UrlDecode(parameter.Substring(7)) : null;
    }
}
