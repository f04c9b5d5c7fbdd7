using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Client.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Updates that may or may not have been carried out: looked at before they are sent again.</summary>
public class UpdateOutcomeUnknownTests
{
    private const string Before = """{"name":"old","tags":{"env":"test"},"colour":"blue"}""";

    public static TheoryData<string, bool> Doubts => new()
    {
        { "dropped", true },
        { "dropped", false },
        { "500", true },
        { "500", false },
        { "504", true },
        { "cut short", true },
    };

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task An_update_in_doubt_is_done_when_it_is_found_and_sent_again_when_not(string doubt, bool carriedOut)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", doubt switch
        {
            "dropped" => carriedOut ? new ActThenDropFault() : new DropFault(),
            "cut short" => new TruncateFault(),
            _ => new StatusFault(int.Parse(doubt, null)) { Act = carriedOut },
        });

        ServiceClient client = await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);

        Assert.Equal(("new", "env=test"), (client.Name, client.Tag.ToString()));
        Assert.Equal("new", session.Server.FindClient(id)!.Name);
        Assert.Contains("colour", session.Server.FindClient(id)!.UnknownMembers);
        string[] expected = carriedOut ? ["GET", "PUT", "GET"] : ["GET", "PUT", "GET", "PUT"];
        Assert.Equal(expected, session.Server.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_somebody_else_changed_meanwhile_is_kept(bool carriedOut)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", carriedOut ? new ActThenDropFault() : new DropFault());
        await BetweenTriesAsync(session, id, new ServiceClientChange { Tag = new(TagMap.Parse("env=theirs")), GrantUserPermissionsAccess = new(true) }, new ServiceClientChange { Name = new("new") });
        Assert.Equal(("new", "theirs", true), (session.Server.FindClient(id)!.Name, session.Server.FindClient(id)!.Tags["env"], session.Server.FindClient(id)!.GrantUserPermissionsAccess));
    }

    [Fact]
    public async Task The_same_field_changed_to_something_else_meanwhile_is_a_conflict_and_stays()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new ActThenDropFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() =>
            BetweenTriesAsync(session, id, new ServiceClientChange { Name = new("theirs") }, new ServiceClientChange { Name = new("mine") }));
        Assert.Equal((ApiFailure.EditConflict, true), (error.Failure, error.OutcomeUnknown));
        Assert.DoesNotContain("Nothing was written", error.Message, StringComparison.Ordinal);
        Assert.Equal("theirs", session.Server.FindClient(id)!.Name);
    }

    [Fact]
    public async Task The_same_change_made_by_somebody_else_meanwhile_is_no_conflict()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        await BetweenTriesAsync(session, id, new ServiceClientChange { Name = new("new") }, new ServiceClientChange { Name = new("new") });
        Assert.Equal("new", session.Server.FindClient(id)!.Name);
    }

    [Fact]
    public async Task An_update_that_was_refused_for_too_many_requests_is_sent_again_unseen()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new StatusFault(429), times: 2);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        Assert.Equal(["GET", "PUT", "PUT", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_look_that_fails_is_a_try_that_failed()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        session.Server.AddFault("GET", "*", new StatusFault(503), times: 2, skip: 1);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        Assert.Equal(["GET", "PUT", "GET", "GET", "GET", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task An_update_in_doubt_of_a_client_that_is_gone_says_both()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        session.Server.AddFault("GET", "*", new StatusFault(404), skip: 1);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((404, true), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task Updates_in_doubt_are_bounded()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 2);
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((ApiFailure.ConnectionFailed, true, 3), (error.Failure, error.OutcomeUnknown, error.Attempts));
        Assert.Equal(["GET", "PUT", "GET", "PUT", "GET", "PUT"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_look_that_answers_with_another_client_is_not_written_back()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ switch
        {
            0 => ScriptedAnswer.Json("""{"clientId":"sc_a","name":"old"}"""),
            1 => ScriptedAnswer.Empty(500),
            _ => ScriptedAnswer.Json("""{"clientId":"sc_other","name":"other"}"""),
        });
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((ApiFailure.InvalidResponse, true), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_update_given_up_after_a_look_that_shows_it_undone_is_not_taken_for_done()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Before);
        session.Server.AddFault("PUT", "*", new DropFault());
        using CancellationTokenSource stopping = new();
        int answered = 0;

        // The stop comes with the look's answer, before the second write.
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

    // Somebody else's change is made when the first try has failed, before the next.
    private static async Task BetweenTriesAsync(ApiSession session, string id, ServiceClientChange theirs, ServiceClientChange mine)
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
