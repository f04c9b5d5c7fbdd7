using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Client.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Updates with an unknown outcome: the client is read before they are repeated.</summary>
public class UpdateOutcomeUnknownTests
{
    private const string Before = """{"name":"old","tags":{"env":"test"},"colour":"blue"}""";

    public static TheoryData<string, bool> Failures => new()
    {
        { "dropped", true },
        { "dropped", false },
        { "500", true },
        { "500", false },
        { "504", true },
        { "cut short", true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_unknown_update_is_done_if_found_and_repeated_if_not(string failure, bool carriedOut)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", failure switch
        {
            "dropped" => carriedOut ? new ActThenDropFault() : new DropFault(),
            "cut short" => new TruncateFault(),
            _ => new StatusFault(int.Parse(failure, null)) { Act = carriedOut },
        });

        ServiceClient client = (await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default)).Client;

        Assert.Equal(("new", "env=test"), (client.Name, client.Tag.ToString()));
        Assert.Equal("new", session.Server.FindClient(id)!.Name);
        Assert.Contains("colour", session.Server.FindClient(id)!.UnknownMembers);
        string[] expected = carriedOut ? ["GET", "PUT", "GET"] : ["GET", "PUT", "GET", "PUT"];
        Assert.Equal(expected, session.Server.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_concurrent_change_of_another_field_is_kept(bool carriedOut)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", carriedOut ? new ActThenDropFault() : new DropFault());
        await BetweenAttemptsAsync(session, id, new ServiceClientChange { Tag = new(TagMap.Parse("env=theirs")), GrantUserPermissionsAccess = new(true) }, new ServiceClientChange { Name = new("new") });
        Assert.Equal(("new", "theirs", true), (session.Server.FindClient(id)!.Name, session.Server.FindClient(id)!.Tags["env"], session.Server.FindClient(id)!.GrantUserPermissionsAccess));
    }

    [Fact]
    public async Task A_concurrent_change_of_the_same_field_is_a_conflict_and_is_kept()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new ActThenDropFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() =>
            BetweenAttemptsAsync(session, id, new ServiceClientChange { Name = new("theirs") }, new ServiceClientChange { Name = new("mine") }));
        Assert.Equal((ApiFailure.EditConflict, true), (error.Failure, error.OutcomeUnknown));
        Assert.DoesNotContain("Nothing was written", error.Message, StringComparison.Ordinal);
        Assert.Equal("theirs", session.Server.FindClient(id)!.Name);
    }

    [Fact]
    public async Task The_same_concurrent_change_is_not_a_conflict()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        await BetweenAttemptsAsync(session, id, new ServiceClientChange { Name = new("new") }, new ServiceClientChange { Name = new("new") });
        Assert.Equal("new", session.Server.FindClient(id)!.Name);
    }

    [Fact]
    public async Task An_update_is_repeated_after_a_429_without_another_read()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new StatusFault(429), times: 2);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        Assert.Equal(["GET", "PUT", "PUT", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_failed_read_before_a_repeated_update_counts_as_a_failed_attempt()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        session.Server.AddFault("GET", "*", new StatusFault(503), times: 2, skip: 1);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        Assert.Equal(["GET", "PUT", "GET", "GET", "GET", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task An_unknown_update_of_a_deleted_client_reports_both()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        session.Server.AddFault("GET", "*", new StatusFault(404), skip: 1);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((404, true), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task Repeated_updates_are_bounded()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 2);
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((ApiFailure.ConnectionFailed, true, 3), (error.Failure, error.OutcomeUnknown, error.Attempts));
        Assert.Equal(["GET", "PUT", "GET", "PUT", "GET", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Another_clients_object_is_not_written_back()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ switch
        {
            0 => ScriptedResponse.Json("""{"clientId":"sc_a","name":"old"}"""),
            1 => ScriptedResponse.Empty(500),
            _ => ScriptedResponse.Json("""{"clientId":"sc_other","name":"other"}"""),
        });
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((ApiFailure.InvalidResponse, true), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_update_that_stops_after_a_read_shows_more_to_do_is_still_unknown()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        using CancellationTokenSource stopping = new();
        int answered = 0;

        // Stops with the response to the second read, before the second write.
        AuthressApi api = session.Api.ForInvocation(_ => StopAfter(++answered == 3), _ => { }, stopping.Token);

        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));

        Assert.True(error.OutcomeUnknown);
        Assert.Equal("old", session.Server.FindClient(id)!.Name);
        Assert.Equal(["GET", "PUT", "GET"], session.Server.Requests.Select(request => request.Method));

        void StopAfter(bool look)
        {
            if (look)
                stopping.Cancel();
        }
    }

    // The other change is made after the first attempt has failed, before the next.
    private static async Task BetweenAttemptsAsync(ApiSession session, string id, ServiceClientChange theirs, ServiceClientChange mine)
    {
        using AuthressApi other = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey);
        await session.Api.ForInvocation(_ => { }, Meanwhile, default).UpdateServiceClientAsync(id, mine, default);

        void Meanwhile(RetryRecord record)
        {
            Assert.Equal(("PUT", 2), (record.Method, record.Attempt));
            other.UpdateServiceClientAsync(id, theirs, default).GetAwaiter().GetResult();
        }
    }
}
