using System.Diagnostics;
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
public sealed partial class AuthressApi : IDisposable
{
    private readonly AuthressApiOptions _options;
    private readonly ApiTransport _transport;
    private readonly KnownIds _told;
    private readonly Invocation _invocation;

    /// <summary>Creates a client. Nothing is sent.</summary>
    /// <param name="options">Where to connect to, as whom, and within which bounds.</param>
    /// <exception cref="ArgumentException">There is no credential, none can be used with that address, or a bound is less than nothing.</exception>
    public AuthressApi(AuthressApiOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _transport = new ApiTransport(options, CreateTokenSource(options));
        _told = new KnownIds();
        _invocation = Invocation.Silent;
    }

    private AuthressApi(AuthressApi whole, Invocation invocation)
    {
        _options = whole._options;
        _transport = whole._transport;
        _told = whole._told;
        _invocation = invocation;
    }

    /// <summary>The same client for one invocation, telling of each request it makes.</summary>
    /// <param name="log">Called when an answer has been read or none came, on any thread.</param>
    /// <param name="retrying">Called before each wait for a further try, on any thread.</param>
    /// <param name="stopping">
    /// Once cancelled, no further request is begun, no wait goes on and a request that reads is given up; one that changes
    /// something goes on until its own token is cancelled.
    /// </param>
    public AuthressApi ForInvocation(Action<RequestRecord> log, Action<RetryRecord> retrying, CancellationToken stopping) =>
        new(this, new Invocation(log, retrying, stopping));

    /// <summary>
    /// Signs the token in the background and gets ready to read an answer, so that the first request finds it done: what
    /// signs takes longer to load than anything else that a request needs. Nothing is sent.
    /// </summary>
    public void WarmUp() => _transport.WarmUp();

    /// <summary>
    /// A client of its own that signs with another access key and only reads: over the same proxy, within the same bounds and
    /// under the same name.
    /// </summary>
    /// <param name="key">The key that signs.</param>
    /// <param name="apiUrl">Another address; null for the same.</param>
    /// <param name="accountId">The account; needed only where the key does not name it.</param>
    /// <exception cref="ArgumentException">The key does not name its account, and none is given.</exception>
    public AuthressApi WithAccessKey(AccessKeyCredential key, Uri? apiUrl = null, string? accountId = null) =>
        new(_options.ReadingWith(key ?? throw new ArgumentNullException(nameof(key)), apiUrl, accountId));

    /// <summary>Calls any other route of the API, signed.</summary>
    /// <param name="method">GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The route with its query, relative to the API's address and encoded by the caller.</param>
    /// <param name="body">JSON text, or dictionaries, lists and plain values; null for no body.</param>
    /// <param name="cancellationToken">Gives up the request.</param>
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
        ApiResponse<JsonDocument> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.JsonDocument, _invocation, cancellationToken).ConfigureAwait(false);
        using JsonDocument? document = answer.Value;
        try
        {
            return new RawResponse((int)answer.Status, answer.Headers, document is null ? null : PlainJson.Read(document.RootElement));
        }
        catch (InvalidOperationException e)
        {
            // A document is taken apart only here, and a text in it may turn out to be no valid UTF-8 or UTF-16.
            answer.Value = null;
            answer.BodyFailure = e;
            throw ApiErrors.FromBody(request, answer);
        }
    }

    /// <summary>Makes one cheap signed call, to see whether address and credential work.</summary>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <returns>The status, how long it took, and how far this machine's clock is ahead of the server's.</returns>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public async Task<ApiProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.ServiceClients, "READ: Authress:ServiceClients") { Query = [new("limit", "1")] };
        Stopwatch watch = Stopwatch.StartNew();
        ApiResponse<ServiceClientPageJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientPageJson, _invocation, cancellationToken).ConfigureAwait(false);
        return new ApiProbe((int)answer.Status, watch.Elapsed, answer.ClockSkew);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();

    private static ITokenSource CreateTokenSource(AuthressApiOptions options)
    {
        if (options.AccessToken is { } token)
            return new ReadyTokenSource(new NetworkCredential(string.Empty, token).Password);
        AccessKeyCredential key = options.AccessKey ?? throw new ArgumentException("There is neither an access key nor an access token.", nameof(options));
        string accountId = options.AccountId ?? key.AccountId
            ?? throw new ArgumentException("The access key does not name its account. Give the account id as well.", nameof(options));
        return new SignedTokenSource(key, options.ApiUrl, accountId, options.Now);
    }
}
