using System.Net;
using System.Net.Sockets;
using Authress.Client.ServiceClients;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>Connections that can't be made, break or stay silent, and what then is known of the outcome.</summary>
public partial class ConnectionFailureTests
{
    private static readonly Dictionary<string, Func<AuthressApi, Task>> Reads = new()
    {
        ["list"] = api => api.ListServiceClientsAsync(null, null, default),
        ["retrieve"] = api => api.GetServiceClientAsync("sc_a", default),
        ["probe"] = api => api.ProbeAsync(default),
    };

    private static readonly Dictionary<string, (string Method, Func<AuthressApi, Task> Call)> Changes = new()
    {
        ["create"] = ("POST", api => api.CreateServiceClientAsync(new ServiceClientChange { Name = new("made") }, default)),
        ["update"] = ("PUT", api => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("new") }, default)),
        ["delete"] = ("DELETE", api => api.DeleteServiceClientAsync("sc_a", default)),
        ["create key"] = ("POST", api => api.CreateAccessKeyAsync("sc_a", default)),
        ["delete key"] = ("DELETE", api => api.DeleteAccessKeyAsync("sc_a", "k1", default)),
    };

    public static TheoryData<string> ReadNames => [.. Reads.Keys];

    public static TheoryData<string> ChangeNames => [.. Changes.Keys];

    public static TheoryData<string> Names => [.. Reads.Keys, .. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_refused_connection_has_changed_nothing(string operation)
    {
        Assert.SkipWhen(TestApi.IsOnMono, "Mono's HTTP library does not say at what point it failed, so that the outcome counts as unknown.");
        using AuthressApi api = TestApi.Connect(NobodyListens());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Call(operation)(api));
        Assert.Equal((ApiFailure.ConnectionFailed, null, false), (error.Failure, error.StatusCode, error.OutcomeUnknown));
        Assert.StartsWith("/v1/clients", error.Path, StringComparison.Ordinal);
        Assert.NotNull(error.Method);
        Assert.NotNull(error.RequiredPermission);
    }

    [Theory]
    [MemberData(nameof(ReadNames))]
    public async Task A_read_whose_response_is_lost_has_changed_nothing(string operation)
    {
        await using ApiSession session = await SessionAsync();
        session.Server.AddFault("GET", "*", new ActThenDropFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Reads[operation](session.Api));
        Assert.Equal((ApiFailure.ConnectionFailed, null, false), (error.Failure, error.StatusCode, error.OutcomeUnknown));
    }

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public async Task The_outcome_of_a_change_whose_response_is_lost_is_unknown(string operation)
    {
        (string method, Func<AuthressApi, Task> call) = Changes[operation];
        await using ApiSession session = await SessionAsync();
        // An update that was carried out is found to be when it is looked at.
        session.Server.AddFault(method, "*", operation == "update" ? new DropFault() : new ActThenDropFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(session.Api));
        Assert.Equal((ApiFailure.ConnectionFailed, null, true), (error.Failure, error.StatusCode, error.OutcomeUnknown));
        int sent = method == "POST" ? 1 : 6;
        Assert.Equal(sent, session.Server.Requests.Count(request => request.Method == method));
        Assert.Equal(sent, error.Attempts);
    }

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public async Task A_change_is_sent_once_when_a_connection_that_was_kept_open_breaks(string operation)
    {
        (string method, Func<AuthressApi, Task> call) = Changes[operation];
        await using ApiSession session = await SessionAsync(retries: 0);
        await session.Api.ProbeAsync(default);
        session.Server.AddFault(method, "*", new ActThenDropFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(session.Api));
        Assert.Equal((ApiFailure.ConnectionFailed, true), (error.Failure, error.OutcomeUnknown));
        Assert.Single(session.Server.Requests, request => request.Method == method);
    }

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public async Task A_change_is_sent_once_when_a_connection_that_was_kept_open_is_closed_in_order(string operation)
    {
        (string method, Func<AuthressApi, Task> call) = Changes[operation];
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == method
            ? ScriptedResponse.Dropped
            : ScriptedResponse.Json("""{"clientId":"sc_a","clients":[]}"""));
        using AuthressApi api = TestApi.Connect(server.Url, retries: 0);
        await api.ProbeAsync(default);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));
        Assert.Equal((ApiFailure.ConnectionFailed, true), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(1, Assert.Single(server.Requests, request => request.Method == method).Connection);
    }

    [Fact]
    public async Task One_key_at_most_is_made_when_a_connection_that_was_kept_open_breaks()
    {
        await using ApiSession session = await SessionAsync(retries: 0);
        await session.Api.ProbeAsync(default);
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync("sc_a", default));
        Assert.True(error.OutcomeUnknown);
        Assert.Single(session.Server.FindClient("sc_a")!.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_silent_server_times_out_as_configured(string operation)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Silence);
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromMilliseconds(250), retries: 1);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Call(operation)(api));
        Assert.Equal(operation.StartsWith("create", StringComparison.Ordinal) ? 1 : 2, server.Requests.Count(request => request.Method == error.Method));
        Assert.Equal((ApiFailure.TimedOut, null, error.Method != "GET"), (error.Failure, error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task The_time_out_covers_the_body()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.CutShort("""{"clientId":"sc_a",""", Ending.Hang));
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromMilliseconds(250));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal(ApiFailure.TimedOut, error.Failure);
    }

    [Fact]
    public async Task The_time_out_covers_the_body_of_an_error()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.CutShort("""{"title":""", Ending.Hang, 500));
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromMilliseconds(250));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
        Assert.Contains(error.Failure, new[] { ApiFailure.TimedOut, ApiFailure.Status });
        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task A_late_response_times_out_and_the_next_request_succeeds()
    {
        await using ApiSession session = await SessionAsync();
        using AuthressApi hasty = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey, TimeSpan.FromMilliseconds(300), retries: 0);
        session.Server.AddFault("DELETE", "*", new DelayFault(600_000));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => hasty.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.TimedOut, true), (error.Failure, error.OutcomeUnknown));
        Assert.Equal("sc_a", (await session.Api.GetServiceClientAsync("sc_a", default)).ClientId);
    }

    [Theory]
    [MemberData(nameof(ReadNames))]
    public async Task A_cancelled_read_ends_at_once(string operation)
    {
        Dictionary<string, Func<AuthressApi, CancellationToken, Task>> calls = new()
        {
            ["list"] = (api, cancel) => api.ListServiceClientsAsync(null, null, cancel),
            ["retrieve"] = (api, cancel) => api.GetServiceClientAsync("sc_a", cancel),
            ["probe"] = (api, cancel) => api.ProbeAsync(cancel),
        };
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Silence);
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromHours(1));
        using CancellationTokenSource stop = new();
        Task call = calls[operation](api, stop.Token);
        await server.Arrived;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_read_can_be_cancelled_in_the_middle_of_a_response()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.CutShort("""{"clientId":"sc_a",""", Ending.Hang));
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromHours(1));
        using CancellationTokenSource stop = new();
        Task call = api.GetServiceClientAsync("sc_a", stop.Token);
        await server.Arrived;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Nothing_is_sent_once_cancelled()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Silence);
        using AuthressApi api = TestApi.Connect(server.Url);
        CancellationToken stopped = new(canceled: true);
        Func<Task>[] calls =
        [
            () => api.ListServiceClientsAsync(null, null, stopped),
            () => api.GetServiceClientAsync("sc_a", stopped),
            () => api.CreateServiceClientAsync(new ServiceClientChange(), stopped),
            () => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange(), stopped),
            () => api.DeleteServiceClientAsync("sc_a", stopped),
            () => api.CreateAccessKeyAsync("sc_a", stopped),
            () => api.DeleteAccessKeyAsync("sc_a", "k1", stopped),
        ];
        foreach (Func<Task> call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_without_HTTP_is_a_failed_connection()
    {
        await using ScriptedServer server = ScriptedServer.Start(new ScriptedResponse("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), Ending.Close));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal((ApiFailure.ConnectionFailed, null), (error.Failure, error.StatusCode));
    }

    [Fact]
    public async Task A_hundred_callers_share_one_client()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> ids = session.Server.SeedClients(100);
        ServiceClient[] read = await Task.WhenAll(ids.Select(id => session.Api.GetServiceClientAsync(id, default)));
        Assert.Equal(ids, read.Select(client => client.ClientId));
    }

    private static Func<AuthressApi, Task> Call(string operation) =>
        Reads.TryGetValue(operation, out Func<AuthressApi, Task>? read) ? read : Changes[operation].Call;

    private static async Task<ApiSession> SessionAsync(int retries = 5)
    {
        ApiSession session = await ApiSession.StartAsync(retries: retries);
        session.Server.SeedClient("""{"name":"old"}""", "sc_a");
        return session;
    }

    private static Uri NobodyListens()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri url = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        return url;
    }
}
