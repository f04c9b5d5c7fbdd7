using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.Faults;
using Authress.Emulator.Hosting;
using Authress.Emulator.Http;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;
using Authress.Emulator.Tokens;

namespace Authress.Emulator;

/// <summary>
/// A running emulator of Authress's service-client API. Its account begins with one client, the administrator, whose
/// access key may do everything.
/// </summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    private static readonly string[] LoopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

    private readonly CancellationTokenSource _stopping = new();
    private readonly EmulatorOptions _options;
    private readonly Account _account;
    private readonly ClientStore _clients = new();
    private readonly DataFile? _dataFile;
    private readonly AccessKeyIssuer _issuer;
    private readonly KeyActivation _activation;
    private readonly KeySetLag _keySetLag;
    private readonly KeyCreationLimit _keyCreationLimit;
    private readonly TokenRules _tokenRules;
    private readonly BearerTokenVerifier _tokens;
    private readonly FaultSchedule _faults = new();
    private readonly RequestLog _log;
    private readonly ServiceClientApi _api;
    private readonly RequestPipeline _pipeline;
    private WebApplication? _app;
    private bool _stopped;

    private EmulatorServer(EmulatorOptions options, DataFile? dataFile)
    {
        _options = options;
        _dataFile = dataFile;
        _account = Restore() ?? Account.Create(options.Clock.GetUtcNow());
        RestoreAdministrator();

        _activation = new KeyActivation(options.Clock);
        _keySetLag = new KeySetLag(options.KeySetLag, options.Clock);
        _keyCreationLimit = new KeyCreationLimit(options.KeysPerHour, options.Clock);
        _tokenRules = new TokenRules(_account, _clients, options.TrustedIssuers, options.Clock);
        _tokens = new BearerTokenVerifier(_account, _clients, _activation, _tokenRules);
        _issuer = new AccessKeyIssuer(_account, _clients, options.Clock);
        _log = new RequestLog(options.RequestLogCapacity, options.Clock);
        AccessKeyApi keys = new(_clients, _issuer, _activation, _keySetLag, _keyCreationLimit, SaveAsync, options);
        _api = new ServiceClientApi(_account, _clients, keys, SaveAsync, options);
        ControlApi control = new(_log, _faults, ResetAsync);
        _pipeline = new RequestPipeline(options, _api, control, _tokens, _activation, _faults, _log, _stopping.Token);
    }

    /// <summary>The emulator's URL.</summary>
    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>The id of the account.</summary>
    public string AccountId => _account.AccountId;

    /// <summary>The administrator's access key. A secret of this account only.</summary>
    public string AccessKey => _account.AdminAccessKey;

    /// <summary>The client id of the administrator.</summary>
    public string AdminClientId => _account.AdminClientId;

    /// <summary>The id of the administrator's access key.</summary>
    public string AdminKeyId => _account.AdminKey.KeyId;

    /// <summary>The requests received since the start or the last reset, oldest first, without those under <c>/_emulator</c>.</summary>
    public IReadOnlyList<RequestRecord> Requests => _log.Snapshot();

    /// <summary>The fault rules that have not been used up, with their remaining counts.</summary>
    public IReadOnlyList<FaultRule> Faults => _faults.Remaining;

    /// <summary>All clients, in the order of their creation.</summary>
    public IReadOnlyList<ServiceClientSnapshot> Clients =>
        [.. _clients.Snapshot().Clients.Select(client => new ServiceClientSnapshot(client))];

    /// <summary>Returns a fault for a method and a path if no rule applies, for example a random fault. Must be thread-safe.</summary>
    public Func<string, string, Fault?>? FaultSource
    {
        get => _pipeline.FaultSource;
        set => _pipeline.FaultSource = value;
    }

    /// <summary>Starts an emulator and returns when it accepts requests.</summary>
    /// <exception cref="DataFileException">The data file is damaged, not one of this emulator, or in use by another emulator.</exception>
    /// <exception cref="IOException">The port is taken, or the data file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The data file may not be read or written.</exception>
    public static async Task<EmulatorServer> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EmulatorOptions();
        DataFile? dataFile = options.DataFile is null ? null : DataFile.Open(options.DataFile);
        EmulatorServer? server = null;
        try
        {
            server = new EmulatorServer(options, dataFile);
            await server.ListenAsync(cancellationToken);
            return server;
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            else
                dataFile?.Dispose();
            throw;
        }
    }

    /// <summary>The client with this id as it is now, or null.</summary>
    public ServiceClientSnapshot? FindClient(string clientId) =>
        _clients.Find(clientId) is { } client ? new ServiceClientSnapshot(client) : null;

    /// <summary>Adds a client without a request.</summary>
    /// <param name="json">The client, as the body of a create.</param>
    /// <param name="clientId">The client's id, of any characters; null for a new one.</param>
    /// <returns>The client's id.</returns>
    /// <exception cref="ArgumentException">The JSON is not a valid client, or the id is taken.</exception>
    public string SeedClient(string json = "{}", string? clientId = null)
    {
        try
        {
            ClientDocument document = ClientDocumentReader.Read(Encoding.UTF8.GetBytes(json));
            return _clients.Add(clientId ?? Identifiers.NewClientId(), _options.Clock.GetUtcNow(), document).ClientId;
        }
        catch (InvalidRequestException problem)
        {
            throw new ArgumentException(problem.Message, nameof(json), problem);
        }
    }

    /// <summary>Adds many clients without requests, named by a prefix and a number from 1.</summary>
    /// <returns>Their ids, in the order of their creation.</returns>
    public IReadOnlyList<string> SeedClients(int count, string namePrefix = "client-")
    {
        string[] ids = new string[count];
        for (int index = 0; index < count; index++)
        {
            string name = namePrefix + (index + 1).ToString(CultureInfo.InvariantCulture);
            ids[index] = _clients.Add(Identifiers.NewClientId(), _options.Clock.GetUtcNow(), new ClientDocument(name)).ClientId;
        }

        return ids;
    }

    /// <summary>Gives a client a new access key without a request.</summary>
    /// <returns>The access key, a secret.</returns>
    /// <exception cref="InvalidOperationException">There is no such client, or it has five keys.</exception>
    public string IssueAccessKey(string clientId) => SecretOf(_issuer.Generate(clientId), clientId);

    /// <summary>Gives a client an RSA key in the legacy form: base64 of JSON with a PEM key, signing RS256.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="key">The key pair; null for a new one of 2048 bits.</param>
    /// <returns>The access key, a secret.</returns>
    /// <exception cref="InvalidOperationException">There is no such client, or it has five keys.</exception>
    public string AddLegacyRsaKey(string clientId, RSA? key = null) => SecretOf(_issuer.GenerateLegacy(clientId, key), clientId);

    /// <summary>Adds a fault rule.</summary>
    public void AddFault(FaultRule rule) => _faults.Add([rule]);

    /// <summary>Adds a fault rule.</summary>
    /// <param name="method">The HTTP method, or <c>*</c>.</param>
    /// <param name="path">The path as it is sent; each <c>*</c> stands for any characters.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="times">How many requests get the fault; 0 or less for all.</param>
    /// <param name="skip">How many matching requests to skip first.</param>
    public void AddFault(string method, string path, Fault fault, int times = 1, int skip = 0) =>
        AddFault(new FaultRule { Method = method, Path = path, Fault = fault, Times = times, Skip = skip });

    /// <summary>Removes all fault rules.</summary>
    public void ClearFaults() => _faults.Clear();

    /// <summary>Clears the log of requests.</summary>
    public void ClearRequests() => _log.Clear();

    /// <summary>Resets clients, keys, faults and the log to those of a new account: the administrator and its one key.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken = default)
    {
        _clients.ResetTo(AdminClientId, _account.AdminKey.GenerationDate, new ClientDocument(Account.AdminName), _account.AdminKey);
        _activation.Clear();
        _keySetLag.Clear();
        _keyCreationLimit.Clear();
        _tokens.Forget();
        _faults.Clear();
        _pipeline.FaultSource = null;
        _log.Clear();
        await SaveAsync(cancellationToken);
    }

    /// <summary>The line that gives a program the emulator's URL and an access key: JSON with apiUrl, accountId and accessKey.</summary>
    public string ReadyLine() =>
        Encoding.UTF8.GetString(ApiResponse.Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("apiUrl", _api.Origin);
            json.WriteString("accountId", AccountId);
            json.WriteString("accessKey", AccessKey);
            json.WriteEndObject();
        }).Body.Span);

    /// <summary>Stops the server, and writes pending changes to the data file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        try
        {
            await _stopping.CancelAsync();
            if (_app is not null)
            {
                await _app.StopAsync();
                await _app.DisposeAsync();
                _app = null;
                await SaveAsync(CancellationToken.None);
            }
        }
        finally
        {
            _dataFile?.Dispose();
            _stopping.Dispose();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        // A file that can't be written fails the start, not the first change.
        await SaveAsync(cancellationToken);
        // Set twice: a given port may be called as soon as it is open, and a picked one is known only afterwards.
        NameOrigins(_options.Port);
        _app = await LoopbackHost.StartAsync(_options, _pipeline.HandleAsync, cancellationToken);
        NameOrigins(LoopbackHost.PortOf(_app));
    }

    private void NameOrigins(int port)
    {
        string scheme = _options.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        // An IP address needs no lookup. Some machines resolve "localhost" to IPv6 first.
        ApiUrl = new UriBuilder(scheme, "127.0.0.1", port).Uri;
        _api.Origin = ApiUrl.GetLeftPart(UriPartial.Authority);
        _tokenRules.IssuerOrigins =
        [
            .. LoopbackHosts.Select(host => new UriBuilder(scheme, host, port).Uri.GetLeftPart(UriPartial.Authority)),
            _account.Origin,
        ];
    }

    private Account? Restore()
    {
        if (_dataFile?.Read() is not var (restored, stored))
            return null;
        _clients.ReplaceAll(stored.LastSequence, stored.Clients);
        return restored;
    }

    /// <summary>Adds the administrator and its key if they are missing: without them the account is unusable.</summary>
    private void RestoreAdministrator()
    {
        if (_clients.Find(AdminClientId) is null)
            _clients.Add(AdminClientId, _account.AdminKey.GenerationDate, new ClientDocument(Account.AdminName), _account.AdminKey);
        else if (_clients.Find(AdminClientId)?.FindKey(AdminKeyId) is null)
            _clients.AddKey(AdminClientId, _account.AdminKey, beyondTheLimit: true);
    }

    private Task SaveAsync(CancellationToken cancellationToken) => _dataFile?.SaveAsync(_account, _clients, cancellationToken) ?? Task.CompletedTask;

    private static string SecretOf(KeyIssue issue, string clientId) =>
        issue.AccessKey ?? throw new InvalidOperationException($"Client '{clientId}' got no key: {issue.Outcome}.");
}
