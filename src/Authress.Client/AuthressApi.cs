using System.Diagnostics;
using Authress.Client.AccessKeys;
using Authress.Client.Json;
using Authress.Client.Requests;
using Authress.Client.ServiceClients;
using Authress.Client.Tokens;
using Authress.Client.Transport;

namespace Authress.Client;

/// <summary>
/// The seven operations on service clients and their access keys. Thread-safe: one instance serves any number of callers,
/// and keeps its connections open until it is disposed.
/// </summary>
public sealed class AuthressApi : IDisposable
{
    private readonly AuthressApi? _shared;
    private readonly AuthressApiOptions _options;
    private readonly ApiTransport _transport;
    private readonly RuledOutIds _ruledOutIds;
    private readonly Invocation _invocation;
    private readonly ServiceClientReader _reader;

    /// <summary>Creates an instance. Nothing is sent.</summary>
    /// <param name="options">The URL, credential and limits.</param>
    /// <exception cref="ArgumentException">There is no usable credential, or a limit is negative.</exception>
    public AuthressApi(AuthressApiOptions options)
        : this(options ?? throw new ArgumentNullException(nameof(options)), new ApiTransport(options, CreateTokenSource(options)), new RuledOutIds(), Invocation.Silent)
    {
    }

    private AuthressApi(AuthressApiOptions options, ApiTransport transport, RuledOutIds ruledOutIds, Invocation invocation, AuthressApi? shared = null)
    {
        _shared = shared;
        _options = options;
        _transport = transport;
        _ruledOutIds = ruledOutIds;
        _invocation = invocation;
        _reader = new ServiceClientReader(transport, invocation);
    }

    /// <summary>The same connection for one invocation, with callbacks and a stop signal.</summary>
    /// <param name="log">Called after each request, with or without a response, on any thread.</param>
    /// <param name="retrying">Called before the wait for each retry, on any thread.</param>
    /// <param name="stopping">
    /// Once cancelled, no further request is sent, and waits and reads are cancelled. A request that changes something
    /// continues until its own token is cancelled.
    /// </param>
    public AuthressApi ForInvocation(Action<RequestRecord> log, Action<RetryRecord> retrying, CancellationToken stopping) =>
        new(_options, _transport, _ruledOutIds, new Invocation(log, retrying, stopping), shared: this);

    /// <summary>
    /// Signs the token and loads the JSON reader in the background, so that the first request need not: the signing library
    /// is the slowest part to load. Nothing is sent.
    /// </summary>
    public void WarmUp() => _transport.WarmUp();

    /// <summary>A separate, read-only instance that signs with another access key, with the same proxy, limits and user agent.</summary>
    /// <param name="key">The key that signs.</param>
    /// <param name="apiUrl">Another API URL; null for the same.</param>
    /// <param name="accountId">The account; needed only if the key doesn't name it.</param>
    /// <exception cref="ArgumentException">The key doesn't name its account, and none is given.</exception>
    public AuthressApi WithAccessKey(AccessKeyCredential key, Uri? apiUrl = null, string? accountId = null) =>
        new(_options.ReadingWith(key ?? throw new ArgumentNullException(nameof(key)), apiUrl, accountId));

    /// <summary>Lists one page of the service clients that the caller may see.</summary>
    /// <param name="limit">The page size, 1 to 20; null for the server's default.</param>
    /// <param name="cursor">The cursor of the page; null for the first.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task<ServiceClientPage> ListServiceClientsAsync(int? limit, string? cursor, CancellationToken cancellationToken) =>
        _reader.ListAsync(limit, cursor, cancellationToken);

    /// <summary>Reads the list of service clients page by page, without the clients that are created meanwhile.</summary>
    /// <param name="pageSize">The page size, 1 to 20; null for the server's default.</param>
    /// <param name="cursor">The cursor of the first page; null for the start of the list.</param>
    /// <param name="readAhead">The initial value of <see cref="ServiceClientPager.ReadAhead"/>.</param>
    public ServiceClientPager PageServiceClients(int? pageSize, string? cursor, bool readAhead = false) =>
        new(_reader, pageSize, cursor, new ListingStart(_ruledOutIds, _invocation.Stopping)) { ReadAhead = readAhead };

    /// <summary>Reads one service client.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentException">The id is invalid.</exception>
    /// <exception cref="AuthressApiException">The request failed. A 404 may also mean that the caller may not see the client.</exception>
    public async Task<ServiceClient> GetServiceClientAsync(string clientId, CancellationToken cancellationToken) =>
        (await ReadServiceClientAsync(clientId, cancellationToken).ConfigureAwait(false)).Client;

    /// <inheritdoc cref="GetServiceClientAsync" />
    /// <returns>The client, and how far this machine's clock is ahead of the server's; null if the response does not show it.</returns>
    internal async Task<(ServiceClient Client, TimeSpan? ClockSkew)> ReadServiceClientAsync(string clientId, CancellationToken cancellationToken)
    {
        ApiResponse<ServiceClientJson> response = await _reader.ReadAsync(clientId, ServiceClientReader.Request(clientId), cancellationToken).ConfigureAwait(false);
        return (response.Value!.ToModel(clientId), response.ClockSkew);
    }

    /// <summary>Creates a service client.</summary>
    /// <param name="content">The client's fields. Authress sets the others.</param>
    /// <param name="cancellationToken">Cancels the request; the client may exist nevertheless.</param>
    /// <returns>The created client, with its id.</returns>
    /// <exception cref="ArgumentException">A name or a tag is too long.</exception>
    /// <exception cref="AuthressApiException">
    /// The request failed. If its outcome is unknown it is not sent again; <see cref="FindCreatedAsync"/> looks for the result.
    /// </exception>
    public async Task<ServiceClient> CreateServiceClientAsync(ServiceClientChange content, CancellationToken cancellationToken)
    {
        (content ?? throw new ArgumentNullException(nameof(content))).Validate();
        return await new ServiceClientCreation(_transport, _invocation, _ruledOutIds, content).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks for the clients that creations with an unknown outcome may have made, in one listing, bounded in pages and time.
    /// Sets each exception's <see cref="AuthressApiException.Candidates"/> to the clients of the requested name that are new,
    /// by the server's clock, since its request began, and that no creation over this connection returned. Sets
    /// <see cref="AuthressApiException.CandidatesKnown"/> if the listing was complete.
    /// </summary>
    /// <param name="unknowns">Exceptions of <see cref="CreateServiceClientAsync"/>; others are ignored.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled. The exceptions have the candidates found so far.</exception>
    public Task FindCreatedAsync(IReadOnlyList<AuthressApiException> unknowns, CancellationToken cancellationToken) =>
        new ServiceClientRecovery(_reader, _transport.Clock, _ruledOutIds).FindCandidatesAsync(unknowns ?? throw new ArgumentNullException(nameof(unknowns)), cancellationToken);

    /// <summary>
    /// Updates a service client: reads it, merges the changes, and writes the whole object. After an attempt with an unknown
    /// outcome it reads the client again, and writes again only if the changes are missing.
    /// </summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="change">The changes.</param>
    /// <param name="cancellationToken">Cancels the request; the client may be changed nevertheless.</param>
    /// <returns>The client as it is now, and whether it was written: not if it already was as requested.</returns>
    /// <exception cref="ArgumentException">The id is invalid, or a name or a tag is too long.</exception>
    /// <exception cref="AuthressApiException">A request failed, or the connection is read-only, and nothing was sent.</exception>
    public async Task<ServiceClientUpdateResult> UpdateServiceClientAsync(string clientId, ServiceClientChange change, CancellationToken cancellationToken)
    {
        (change ?? throw new ArgumentNullException(nameof(change))).Validate();
        return await new ServiceClientUpdate(_transport, _invocation, clientId, change).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a service client and its keys.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="cancellationToken">Cancels the request; the client may be deleted nevertheless.</param>
    /// <exception cref="ArgumentException">The id is invalid.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteServiceClientAsync(string clientId, CancellationToken cancellationToken) =>
        _transport.SendAsync(Routes.Delete(Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}"), _invocation, cancellationToken);

    /// <inheritdoc cref="CreateAccessKeyAsync(string, string, CancellationToken)" />
    /// <returns>The key with its secrets, which Authress never returns again.</returns>
    public Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, CancellationToken cancellationToken) =>
        CreateAccessKeyAsync(clientId, null, cancellationToken);

    /// <summary>Creates an access key for a service client, or registers a public key whose private key the caller holds.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="publicKey">
    /// The Ed25519 public key to register, in any form that <see cref="PublicKeyText"/> reads; null to have Authress generate a key.
    /// </param>
    /// <param name="cancellationToken">Cancels the request; a key whose secret is lost may exist nevertheless.</param>
    /// <returns>The key. If Authress generated it, with its secrets, which Authress never returns again.</returns>
    /// <exception cref="ArgumentException">The id is invalid, or the public key is invalid.</exception>
    /// <exception cref="AuthressApiException">
    /// The request failed. It is not sent again if its outcome is unknown. A registered key is then looked for, and returned if
    /// found; otherwise the exception has its public key. For a generated key, the exception's candidates are the client's
    /// keys that are new by the server's clock.
    /// </exception>
    public async Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, string? publicKey, CancellationToken cancellationToken)
    {
        AccessKeyCreation creation = CreateAccessKey(clientId);
        return await (publicKey is null ? creation.GenerateAsync(cancellationToken) : creation.RegisterAsync(ToDer(publicKey), cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Creates an access key whose pair is generated on this machine. Only the public half is sent.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="accountId">The account, which the access key names.</param>
    /// <param name="generate">Generates the pair, <see cref="GeneratedKeyPair.Generate"/>. Called only if the request may be sent.</param>
    /// <param name="cancellationToken">Cancels the request; the key may exist nevertheless.</param>
    /// <returns>The key with its secret.</returns>
    /// <exception cref="ArgumentException">An id is invalid, or can't be part of an access key.</exception>
    /// <exception cref="AuthressApiException">
    /// The request failed. If its outcome is unknown, the key was looked for and not found; the exception has its public key.
    /// </exception>
    public Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, string accountId, Func<GeneratedKeyPair> generate, CancellationToken cancellationToken) =>
        CreateAccessKey(clientId).GenerateLocallyAsync(accountId, generate, cancellationToken);

    /// <summary>Tests whether Authress accepts the access key that this instance signs with.</summary>
    /// <param name="observer">An instance that may read the key's client at the same API URL; null for none.</param>
    /// <param name="wait">How long to go on testing until the key works; zero to test once.</param>
    /// <param name="cancellationToken">Cancels the test.</param>
    /// <exception cref="InvalidOperationException">This instance has no access key.</exception>
    public async Task<AccessKeyProof> ProveAccessKeyAsync(AuthressApi? observer, TimeSpan wait, CancellationToken cancellationToken)
    {
        AccessKeyCredential key = SigningKey;

        // A ready token, so that it isn't signed again after the refusal.
        AuthressApiOptions options = _options.ReadingWith(key.WithRandomKey(), _options.ApiUrl, _options.AccountId);
        using ApiTransport transport = new(options, new ReadyTokenSource(CreateTokenSource(options).GetToken()));
        AuthressApi control = new(options, transport, _ruledOutIds, _invocation, shared: this);
        AccessKeyProver prover = new(ProbeAsync, control.ProbeAsync, cancellation => FindRegistrationAsync(key, observer, cancellation), _options.Time);
        return await prover.RunAsync(wait, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a client's access key with its public half, also where the client does not show it.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The key, without its public half if nothing shows it; null if the client has no such key.</returns>
    public async Task<AccessKey?> FindAccessKeyAsync(string clientId, string keyId, CancellationToken cancellationToken)
    {
        AccessKey? listed = (await GetServiceClientAsync(clientId, cancellationToken).ConfigureAwait(false)).AccessKey?.FirstOrDefault(key => key.KeyId == keyId);
        return listed is null ? null : (await ShowPublicKeysAsync(clientId, [listed], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>
    /// Completes a client's keys with the public halves that it does not show in a form that can be read. The client's public key
    /// set, which needs no token, has them.
    /// </summary>
    /// <param name="client">The client, with its keys if the response had them.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The same client. A key whose public half nothing shows is without it.</returns>
    public async Task<ServiceClient> ShowPublicKeysAsync(ServiceClient client, CancellationToken cancellationToken)
    {
        if ((client ?? throw new ArgumentNullException(nameof(client))).AccessKey is { } keys)
            client.AccessKey = new AccessKeyList([.. await ShowPublicKeysAsync(client.ClientId, keys, cancellationToken).ConfigureAwait(false)]);
        return client;
    }

    /// <inheritdoc cref="ShowPublicKeysAsync(ServiceClient, CancellationToken)" />
    /// <returns>The keys. One whose public half nothing shows is without it.</returns>
    internal async Task<IReadOnlyList<AccessKey>> ShowPublicKeysAsync(string clientId, IReadOnlyList<AccessKey> keys, CancellationToken cancellationToken)
    {
        if (keys.All(key => PublicKeyText.IsShown(key.PublicKey)))
            return keys;
        IReadOnlyList<AccessKey> published = await new PublicKeySetReader(_transport, _invocation).TryReadAsync(clientId, null, cancellationToken).ConfigureAwait(false) ?? [];
        return
        [
            .. keys.Select(key => new AccessKey(clientId, key.KeyId)
            {
                GenerationDate = key.GenerationDate,
                PublicKey = PublicKeyText.IsShown(key.PublicKey) ? key.PublicKey : published.FirstOrDefault(other => other.KeyId == key.KeyId)?.PublicKey,
            }),
        ];
    }

    /// <summary>Signs an access token with this instance's access key. Sends nothing.</summary>
    /// <param name="lifetime">How long the token is valid.</param>
    /// <exception cref="InvalidOperationException">This instance has no access key.</exception>
    public AccessToken SignToken(TimeSpan lifetime)
    {
        AccessKeyCredential key = SigningKey;
        DateTimeOffset now = _options.Now();
        string token = ((SignedTokenSource)CreateTokenSource(_options)).Sign(now, lifetime);

        // A token has whole seconds.
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        return new AccessToken(SecretText.Protect(token), expires, key.ClientId, key.KeyId);
    }

    /// <summary>Deletes an access key. Tokens that it signed stop working.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="cancellationToken">Cancels the request; the key may be deleted nevertheless.</param>
    /// <exception cref="ArgumentException">An id is invalid.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteAccessKeyAsync(string clientId, string keyId, CancellationToken cancellationToken) =>
        _transport.SendAsync(Routes.Delete(Routes.AccessKey(clientId, keyId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys/{keyId}"), _invocation, cancellationToken);

    /// <summary>Calls any other route of the API, signed.</summary>
    /// <param name="method">GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The route with its query, relative to the API URL and encoded by the caller.</param>
    /// <param name="body">JSON text, or dictionaries, lists and plain values; null for no body.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentException">The path is not relative, or the body can't be written as JSON.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<RawResponse> SendAsync(string method, string path, object? body, CancellationToken cancellationToken)
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
            HasResponseBody = false,
        };
        bool creates = method == "POST" && route == Routes.ServiceClients;
        using IDisposable? unfinished = creates ? _ruledOutIds.Unfinished.Begin() : null;
        ApiResponse<PlainBody> response = await _transport.SendAsync(request, AuthressJsonContext.Default.PlainBody, _invocation, cancellationToken).ConfigureAwait(false);
        if (creates && response.Value?.Value is List<KeyValuePair<string, object?>> created && created.Find(member => member.Key == "clientId").Value is string clientId)
            _ruledOutIds.AddCreated(clientId);
        return new RawResponse((int)response.Status, response.Headers, response.Value?.Value);
    }

    /// <summary>Sends one cheap signed request, to test URL and credential.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<ApiProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClients, "READ: Authress:ServiceClients") { Query = [new("limit", "1")] };
        Stopwatch watch = Stopwatch.StartNew();
        ApiResponse<ServiceClientPageJson> response = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, _invocation, cancellationToken).ConfigureAwait(false);
        return new ApiProbeResult((int)response.Status, watch.Elapsed, MediaType.IsJson(response.Headers), response.ClockSkew);
    }

    /// <summary>Closes the connections. Does nothing on a copy for one invocation, which shares them with all others.</summary>
    public void Dispose()
    {
        if (_shared is null)
            _transport.Dispose();
    }

    private AccessKeyCredential SigningKey => _options.AccessKey ?? throw new InvalidOperationException(Messages.NoSigningKey);

    private AccessKeyCreation CreateAccessKey(string clientId) =>
        new(_transport, _invocation, _ruledOutIds, new AccessKeyRecovery(_transport, _invocation, _ruledOutIds, _options.Time, clientId), clientId);

    // First among the client's keys, then in its public key set, which may lag.
    private async Task<bool?> FindRegistrationAsync(AccessKeyCredential key, AuthressApi? observer, CancellationToken cancellationToken)
    {
        if (key.PublicKey is not { } publicKey)
            return null;
        IReadOnlyList<AccessKey>? listed = null;
        try
        {
            listed = observer is null ? null : (await observer.GetServiceClientAsync(key.ClientId, cancellationToken).ConfigureAwait(false)).AccessKey;
        }
        catch (Exception e) when (e is AuthressApiException or ArgumentException)
        {
            // The observer may not see the client. The public key set needs no permission.
            listed = null;
        }

        bool? isListed = Find(listed);
        if (isListed is true)
            return true;
        bool? isPublished = Find(await new PublicKeySetReader(_transport, _invocation).TryReadAsync(key.ClientId, key.KeyId, cancellationToken).ConfigureAwait(false));
        return isPublished is true ? true : isListed ?? isPublished;

        // A key that is shown without its bytes may be any.
        bool? Find(IReadOnlyList<AccessKey>? keys) => keys is null ? null
            : keys.FirstOrDefault(held => held.KeyId == key.KeyId) is not { } found ? false
            : PublicKeyText.TryToDer(found.PublicKey) is { } shown ? shown == publicKey : null;
    }

    private static string ToDer(string publicKey)
    {
        try
        {
            return PublicKeyText.ToDer(publicKey);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(publicKey));
        }
    }

    private static ITokenSource CreateTokenSource(AuthressApiOptions options)
    {
        if (options.AccessToken is { } token)
            return new ReadyTokenSource(SecretText.Reveal(token));
        AccessKeyCredential key = options.AccessKey ?? throw new ArgumentException("There is neither an access key nor an access token.", nameof(options));
        string accountId = AuthressAccount.Resolve(key.AccountId, options.AccountId)
            ?? throw new ArgumentException(Messages.KeyWithoutAccount, nameof(options));
        return new SignedTokenSource(key, options.ApiUrl, accountId, options.Now);
    }
}
