using Authress.Client.ServiceClients;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Tokens;

/// <summary>How the client uses its token.</summary>
public class TokenUseTests
{
    private const string Client = """{"clientId":"sc_a"}""";

    [Fact]
    public async Task Two_requests_carry_the_same_token()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(Client));
        // Each look at the clock is a second later, so that two signatures could not be the same.
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using AuthressApi api = TestApi.Connect(server.Url, now: () => now += TimeSpan.FromSeconds(1));
        await api.GetServiceClientAsync("sc_a", default);
        await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal(server.Requests[0].Token, server.Requests[1].Token);
    }

    [Fact]
    public async Task Warming_up_signs_a_token_and_sends_nothing()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(Client));
        TaskCompletionSource<bool> signed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using AuthressApi api = TestApi.Connect(server.Url, now: () =>
        {
            // A token is dated when it is signed.
            signed.TrySetResult(true);
            return DateTimeOffset.UtcNow;
        });
        api.WarmUp();
        Assert.Same(signed.Task, await Task.WhenAny(signed.Task, Task.Delay(TimeSpan.FromSeconds(30))));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_token_is_renewed_before_it_expires()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorServer emulator = await EmulatorServer.StartAsync(new EmulatorOptions { Clock = clock });
        using AuthressApi api = TestApi.Connect(emulator.ApiUrl, emulator.AccessKey, now: () => clock.Now);
        for (int hours = 0; hours < 60; hours += 5)
        {
            await api.ProbeAsync(default);
            clock.Now += TimeSpan.FromHours(5);
        }

        Assert.Equal(12, emulator.Requests.Count);
        Assert.All(emulator.Requests, request => Assert.Equal(200, request.Status));
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("*", "*", new StatusFault(401), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ProbeAsync(default));
        Assert.Equal((ApiFailure.Status, 401), (error.Failure, error.StatusCode));
        Assert.Equal(2, session.Server.Requests.Count);

        await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ProbeAsync(default));
        Assert.Equal(4, session.Server.Requests.Count);
    }

    [Fact]
    public async Task The_token_after_a_refusal_is_a_new_one()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(401));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using AuthressApi api = TestApi.Connect(server.Url, now: () => now += TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal(2, server.Requests.Select(request => request.Token).Distinct().Count());
    }

    [Fact]
    public async Task A_request_whose_stale_token_was_refused_succeeds_with_a_new_one()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("POST", "/v1/clients", new StatusFault(401));
        ServiceClient made = await session.Api.CreateServiceClientAsync(new ServiceClientChange { Name = new("once") }, default);
        Assert.Equal([session.Server.AdminClientId, made.ClientId], session.Server.Clients.Select(client => client.ClientId));
        Assert.Equal([401, 201], session.Server.Requests.Select(request => request.Status!.Value));
        Assert.Equal(session.Server.Requests[0].Body, session.Server.Requests[1].Body);
    }

    [Fact]
    public async Task A_ready_token_that_is_refused_is_sent_once()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(401));
        using AuthressApi api = TestApi.ConnectWithToken(server.Url, "ready.made.token");
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal(401, error.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_401_reports_the_clock_skew()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorServer emulator = await EmulatorServer.StartAsync(new EmulatorOptions { Clock = clock });
        using AuthressApi api = TestApi.Connect(emulator.ApiUrl, emulator.AccessKey, now: () => clock.Now.AddMinutes(10));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal(401, error.StatusCode);
        Assert.InRange(error.ClockSkew!.Value.TotalSeconds, 599, 601);
    }

    [Fact]
    public async Task The_keys_of_a_deleted_client_stop_working()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        using AuthressApi own = TestApi.Connect(session.Server.ApiUrl, session.Server.IssueAccessKey(id));
        Assert.Equal(403, (await Assert.ThrowsAsync<AuthressApiException>(() => own.ProbeAsync(default))).StatusCode);
        await session.Api.DeleteServiceClientAsync(id, default);
        Assert.Equal(401, (await Assert.ThrowsAsync<AuthressApiException>(() => own.ProbeAsync(default))).StatusCode);
    }
}
