using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Clients that may have been created: they are never requested twice, and searched for together.</summary>
public class UnknownClientTests
{
    public static TheoryData<string, bool> Failures => new()
    {
        { "dropped", true },
        { "dropped", false },
        { "500", true },
        { "503", false },
        { "408", true },
        { "empty", true },
        { "cut short", true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_unknown_creation_is_reported_at_once_and_its_result_is_found_later(string failure, bool made)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(30);
        session.Server.AddFault("POST", "*", failure switch
        {
            "dropped" => made ? new ActThenDropFault() : new DropFault(),
            "empty" => new EmptyFault(),
            "cut short" => new TruncateFault(),
            _ => new StatusFault(int.Parse(failure, null)) { Act = made },
        });
        AuthressApiException unknown = await UnknownAsync(session.Api, "mine");
        Assert.Equal((true, false, 0, 1), (unknown.OutcomeUnknown, unknown.CandidatesKnown, unknown.Candidates.Count, unknown.Attempts));
        Assert.Equal(["POST /v1/clients"], session.Sent);

        await session.Api.FindCreatedAsync([unknown], default);

        Assert.True(unknown.CandidatesKnown);
        Assert.Equal(session.Server.Clients.Where(client => client.Name == "mine").Select(client => client.ClientId), unknown.Candidates.Cast<ServiceClient>().Select(client => client.ClientId));
        Assert.Equal(made ? 1 : 0, unknown.Candidates.Count);
        Assert.Equal(["POST", "GET", "GET"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task One_listing_serves_all_unknown_creations()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("POST", "*", new ActThenDropFault(), times: 3);
        List<AuthressApiException> unknowns = [];
        foreach (string? name in new[] { "a", "b", null })
            unknowns.Add(await UnknownAsync(session.Api, name));
        AuthressApiException other = new("It failed otherwise.");
        await session.Api.FindCreatedAsync([.. unknowns, other], default);
        Assert.Equal(["a", "b", null], unknowns.Select(unknown => Assert.Single(unknown.Candidates.Cast<ServiceClient>()).Name));
        Assert.Single(session.Sent, "GET /v1/clients?limit=20");
        Assert.Equal((0, false), (other.Candidates.Count, other.CandidatesKnown));
    }

    [Fact]
    public async Task Nothing_is_listed_without_an_unknown_creation()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        await session.Api.FindCreatedAsync([new AuthressApiException("It failed otherwise.")], default);
        Assert.Empty(session.Server.Requests);
    }

    [Fact]
    public async Task A_candidate_is_not_a_candidate_of_a_later_creation()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("POST", "*", new ActThenDropFault(), times: 2);
        AuthressApiException first = await UnknownAsync(session.Api, "same");
        await session.Api.FindCreatedAsync([first], default);
        AuthressApiException second = await UnknownAsync(session.Api, "same");
        await session.Api.FindCreatedAsync([second], default);
        string[] candidates = [.. new[] { first, second }.Select(error => Assert.Single(error.Candidates.Cast<ServiceClient>()).ClientId)];
        Assert.Equal(session.Server.Clients.Where(client => client.Name == "same").Select(client => client.ClientId), candidates);
    }

    [Fact]
    public async Task A_client_that_was_returned_is_not_a_candidate()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string before = (await session.Api.CreateServiceClientAsync(new ServiceClientChange { Name = new("same") }, default)).ClientId;
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        AuthressApiException unknown = await UnknownAsync(session.Api, "same");
        string after = (await session.Api.CreateServiceClientAsync(new ServiceClientChange { Name = new("same") }, default)).ClientId;
        await session.Api.FindCreatedAsync([unknown], default);
        string candidate = Assert.Single(unknown.Candidates.Cast<ServiceClient>()).ClientId;
        Assert.DoesNotContain(candidate, new[] { before, after });
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-60, false)]
    [InlineData(60, true)]
    public async Task Candidates_are_new_by_the_servers_clock(double seconds, bool isCandidate)
    {
        DateTimeOffset there = new(DateTime.UtcNow.AddDays(-2).Date, TimeSpan.Zero);
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Dropped
            : ScriptedResponse.Json($$"""{"clients":[{"clientId":"sc_a","name":"mine","createdTime":"{{there.AddSeconds(seconds):O}}"}]}""", 200, $"Date: {there:R}"));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException unknown = await UnknownAsync(api, "mine");
        await api.FindCreatedAsync([unknown], default);
        Assert.Equal((isCandidate ? 1 : 0, true), (unknown.Candidates.Count, unknown.CandidatesKnown));
    }

    [Fact]
    public async Task A_client_without_a_date_is_no_candidate_and_makes_the_search_incomplete()
    {
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Dropped
            : ScriptedResponse.Json("""{"clients":[{"clientId":"sc_a","name":"mine"},{"clientId":"sc_b","name":"other"}]}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException unknown = await UnknownAsync(api, "mine");
        await api.FindCreatedAsync([unknown], default);
        Assert.Equal((0, false), (unknown.Candidates.Count, unknown.CandidatesKnown));
    }

    [Fact]
    public async Task A_listing_that_fails_half_way_reports_what_it_found_as_incomplete()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 0);
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        AuthressApiException unknown = await UnknownAsync(session.Api, "mine");
        session.Server.SeedClients(40);
        session.Server.AddFault("GET", "*", new StatusFault(403), skip: 1);
        await session.Api.FindCreatedAsync([unknown], default);
        Assert.Equal((1, false), (unknown.Candidates.Count, unknown.CandidatesKnown));
    }

    [Fact]
    public async Task A_listing_is_bounded()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("POST", "*", new DropFault());
        AuthressApiException unknown = await UnknownAsync(session.Api, "mine");
        session.Server.SeedClients(1200);
        await session.Api.FindCreatedAsync([unknown], default);
        Assert.Equal((0, false), (unknown.Candidates.Count, unknown.CandidatesKnown));
        Assert.Equal(51, session.Server.Requests.Count);
    }

    [Fact]
    public async Task A_listing_is_cancelled_with_its_caller()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        AuthressApiException unknown = await UnknownAsync(session.Api, "mine");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.Api.FindCreatedAsync([unknown], new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            session.Api.ForInvocation(_ => { }, _ => { }, new CancellationToken(canceled: true)).FindCreatedAsync([unknown], default));
        Assert.False(unknown.CandidatesKnown);
        Assert.Single(session.Server.Requests);
    }

    private static Task<AuthressApiException> UnknownAsync(AuthressApi api, string? name) =>
        Assert.ThrowsAsync<AuthressApiException>(() => api.CreateServiceClientAsync(new ServiceClientChange { Name = new(name) }, default));
}
