using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Authress.Client.AccessKeys;
using Authress.Client.Json;
using Authress.Client.Requests;
using Authress.Client.ServiceClients;
using Authress.Client.Tokens;
using Authress.Client.Transport;

namespace Authress.Client;

/// <summary>
/// The seven operations on service clients and their access keys. Thread-safe; one serves any number of callers and
/// keeps its connections open until it is disposed.
/// </summary>
public sealed class AuthressApi : IDisposable
{
    private readonly ApiTransport _transport;
    private readonly Action<RequestRecord>? _log;

    /// <summary>Creates a client. Nothing is sent.</summary>
    /// <param name="options">Where to connect to, as whom, and within which bounds.</param>
    /// <exception cref="ArgumentException">There is no credential, or none can be used with that address.</exception>
    public AuthressApi(AuthressApiOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        _transport = new ApiTransport(options, CreateTokenSource(options));
    }

    private AuthressApi(ApiTransport transport, Action<RequestRecord> log)
    {
        _transport = transport;
        _log = log;
    }

    /// <summary>The same client for one invocation, telling of each request it makes.</summary>
    /// <param name="log">Called when an answer has been read or none came, on any thread.</param>
    /// <param name="stopping">
    /// Once cancelled, no further request is begun and one that reads is given up; one that changes something goes on until
    /// its own token is cancelled.
    /// </param>
    public AuthressApi ForInvocation(Action<RequestRecord> log, CancellationToken stopping) => new(_transport.StoppedBy(stopping), log);

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
        ApiAnswer<ServiceClientPageJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, _log, cancellationToken).ConfigureAwait(false);
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
    public async Task<ServiceClient> GetServiceClientAsync(string clientId, CancellationToken cancellationToken) =>
        (await ReadAsync(clientId, cancellationToken).ConfigureAwait(false)).ToModel(clientId);

    /// <summary>Creates a service client.</summary>
    /// <param name="content">What it is made of; what is not given, Authress decides.</param>
    /// <param name="cancellationToken">Gives up the request; a client may then have been made.</param>
    /// <returns>The client as Authress made it, with its id.</returns>
    /// <exception cref="ArgumentException">A name or a tag is too long.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<ServiceClient> CreateServiceClientAsync(ServiceClientChange content, CancellationToken cancellationToken)
    {
        if (content is null)
            throw new ArgumentNullException(nameof(content));
        content.Validate();
        NewServiceClientJson body = new()
        {
            Name = content.Name.Value,
            Tags = content.Tag.Value,
            RateLimits = content.RateLimit.Value is { } limit ? [limit.ToJson()] : null,
            Options = content.GrantUserPermissionsAccess.IsGiven || content.GrantTokenGeneration.IsGiven
                ? new ServiceClientOptionsJson { GrantUserPermissionsAccess = content.GrantUserPermissionsAccess.Value, GrantTokenGeneration = content.GrantTokenGeneration.Value }
                : null,
        };
        ApiRequest request = new(HttpMethod.Post, Routes.ServiceClients, "CREATE: Authress:ServiceClients")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, AuthressJsonContext.Default.NewServiceClientJson),
        };
        ApiAnswer<ServiceClientJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _log, cancellationToken).ConfigureAwait(false);
        return answer.Value!.ClientId is { Length: > 0 } ? answer.Value.ToModel() : throw ApiErrors.FromBody(request, answer);
    }

    /// <summary>Changes a service client: reads it, merges the changes in, and writes the whole object back.</summary>
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
        ServiceClientJson now = await ReadAsync(clientId, cancellationToken).ConfigureAwait(false);
        if (ServiceClientMerge.Apply(now, change) is not { } merged)
            return now.ToModel(clientId);
        ApiRequest request = new(HttpMethod.Put, Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}")
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(merged, AuthressJsonContext.Default.ServiceClientJson),
        };
        ApiAnswer<ServiceClientJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _log, cancellationToken).ConfigureAwait(false);
        return answer.Value!.ClientId is null || answer.Value.ClientId == clientId ? answer.Value.ToModel(clientId) : throw ApiErrors.FromBody(request, answer);
    }

    /// <summary>Deletes a service client and its keys.</summary>
    /// <param name="clientId">Its id.</param>
    /// <param name="cancellationToken">Gives up the request; the client may then be gone.</param>
    /// <exception cref="ArgumentException">The id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteServiceClientAsync(string clientId, CancellationToken cancellationToken) =>
        _transport.SendAsync(new ApiRequest(HttpMethod.Delete, Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}"), _log, cancellationToken);

    /// <summary>Makes a new access key for a service client.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="cancellationToken">Gives up the request; a key that nobody holds may then have been made.</param>
    /// <returns>The key with its secrets, which Authress never tells again.</returns>
    /// <exception cref="ArgumentException">The id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Post, Routes.AccessKeys(clientId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys")
        {
            // An empty object rather than nothing: HttpClient sends a request without a body again by itself when a
            // kept-open connection breaks, and this one must never be sent twice.
            Body = "{}"u8.ToArray(),
        };
        ApiAnswer<IssuedAccessKeyJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.IssuedAccessKeyJson, _log, cancellationToken).ConfigureAwait(false);
        return answer.Value is { KeyId.Length: > 0, AccessKey.Length: > 0 } ? answer.Value.ToModel(clientId) : throw ApiErrors.FromBody(request, answer);
    }

    /// <summary>Deletes an access key. Tokens that it signed stop working.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="cancellationToken">Gives up the request; the key may then be gone.</param>
    /// <exception cref="ArgumentException">An id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteAccessKeyAsync(string clientId, string keyId, CancellationToken cancellationToken) =>
        _transport.SendAsync(new ApiRequest(HttpMethod.Delete, Routes.AccessKey(clientId, keyId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys/{keyId}"), _log, cancellationToken);

    /// <summary>Calls any other route of the API, signed.</summary>
    /// <param name="method">GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The route with its query, relative to the API's address and encoded by the caller.</param>
    /// <param name="body">JSON text, or dictionaries, lists and plain values; null for no body.</param>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <exception cref="ArgumentException">The path is not relative, or the body can't be written as JSON.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<RawAnswer> SendAsync(string method, string path, object? body, CancellationToken cancellationToken)
    {
        (string route, string query) = RoutePath.Parse(path);
        ApiRequest request = new(new HttpMethod(method), route, RequiredPermission: null)
        {
            EncodedQuery = [.. query.Split('&').Where(part => part.Length > 0).Select(part => part.Split(['='], 2))
                .Select(part => new KeyValuePair<string, string?>(part[0], part.Length == 2 ? part[1] : null))],
            Body = body switch
            {
                null => null,
                string json => PlainJson.Check(json),
                _ => PlainJson.Write(body),
            },
            MayBeEmpty = true,
        };
        ApiAnswer<JsonDocument> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.JsonDocument, _log, cancellationToken).ConfigureAwait(false);
        using JsonDocument? document = answer.Value;
        return new RawAnswer((int)answer.Status, answer.Headers, document is null ? null : PlainJson.Read(document.RootElement));
    }

    /// <summary>Makes one cheap signed call, to see whether address and credential work.</summary>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <returns>The status, how long it took, and how far this machine's clock is ahead of the server's.</returns>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<ApiProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClients, "READ: Authress:ServiceClients") { Query = [new("limit", "1")] };
        Stopwatch watch = Stopwatch.StartNew();
        ApiAnswer<ServiceClientPageJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, _log, cancellationToken).ConfigureAwait(false);
        return new ApiProbe((int)answer.Status, watch.Elapsed, answer.ClockSkew);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();

    private async Task<ServiceClientJson> ReadAsync(string clientId, CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClient(clientId), $"READ: Authress:ServiceClients/{clientId}");
        ApiAnswer<ServiceClientJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, _log, cancellationToken).ConfigureAwait(false);

        // An object that names another client, or none, is no answer to this question; writing it back would be worse.
        return answer.Value!.ClientId == clientId ? answer.Value : throw ApiErrors.FromBody(request, answer);
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

    private static ITokenSource CreateTokenSource(AuthressApiOptions options)
    {
        if (options.AccessToken is { } token)
            return new ReadyToken(new NetworkCredential(string.Empty, token).Password);
        AccessKeyCredential key = options.AccessKey ?? throw new ArgumentException("There is neither an access key nor an access token.", nameof(options));
        string accountId = options.AccountId ?? key.AccountId
            ?? throw new ArgumentException("The access key does not name its account. Give the account id as well.", nameof(options));
        return new SignedToken(key, options.ApiUrl, accountId, options.Now);
    }
}
