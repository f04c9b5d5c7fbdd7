using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Walking the list page by page.</summary>
public class ServiceClientPagerTests
{
    [Theory]
    [InlineData(PagingStyle.CursorAndLink)]
    [InlineData(PagingStyle.CursorOnly)]
    [InlineData(PagingStyle.LinkOnly)]
    public async Task Every_client_comes_once_wherever_the_next_page_is_named(PagingStyle style)
    {
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Paging = style });
        IReadOnlyList<string> seeded = session.Server.SeedClients(45);
        List<string> walked = await WalkAsync(session.Api.PageServiceClients(7, null));
        Assert.Equal([session.Server.AdminClientId, .. seeded], walked);
        Assert.Equal(7, session.Server.Requests.Count);
        Assert.All(session.Sent, sent => Assert.StartsWith("GET /v1/clients?limit=7", sent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    [InlineData(39, 2)]
    public async Task A_full_last_page_is_the_last(int seeded, int pages)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(seeded);
        Assert.Equal(seeded + 1, (await WalkAsync(session.Api.PageServiceClients(null, null))).Count);
        Assert.Equal(pages, session.Server.Requests.Count);
    }

    [Fact]
    public async Task A_page_is_asked_for_only_when_it_is_wanted()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(50);
        ServiceClientPager pager = session.Api.PageServiceClients(10, null);
        Assert.Empty(session.Server.Requests);
        await pager.NextAsync(default);
        Assert.Single(session.Server.Requests);
        Assert.False(pager.AtEnd);
    }

    [Fact]
    public async Task A_walk_begins_at_its_cursor()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(10);
        string cursor = (await session.Api.ListServiceClientsAsync(4, null, default)).NextCursor!;
        Assert.Equal(seeded.Skip(3), await WalkAsync(session.Api.PageServiceClients(3, cursor)));
    }

    [Fact]
    public async Task Deletions_between_pages_lose_nobody_else()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(40);
        List<string> walked = [];
        HashSet<string> deleted = [];
        ServiceClientPager pager = session.Api.PageServiceClients(6, null);
        while (!pager.AtEnd)
        {
            ServiceClientPage page = await pager.NextAsync(default);
            walked.AddRange(page.Clients.Select(client => client.ClientId));

            // The one that the cursor points behind, and one that is yet to come.
            foreach (string id in new[] { walked[^1], seeded[^(deleted.Count + 1)] }.Where(id => session.Server.FindClient(id) is not null))
            {
                await session.Api.DeleteServiceClientAsync(id, default);
                deleted.Add(id);
            }
        }

        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Empty(seeded.Except(walked).Except(deleted));
    }

    [Fact]
    public async Task A_cursor_that_comes_back_ends_the_walk_with_an_error()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(30);
        session.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(session.Api.PageServiceClients(5, null)));
        Assert.Equal((ApiFailure.CursorRepeated, "GET", "/v1/clients", false), (error.Failure, error.Method, error.Path, error.OutcomeUnknown));
        Assert.Equal(2, session.Server.Requests.Count);
    }

    [Fact]
    public async Task Cursors_that_go_round_in_a_ring_end_the_walk_with_an_error()
    {
        string[] ring = ["a", "b", "c", "a"];
        int page = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ =>
            ScriptedResponse.Json("""{"clients":[],"pagination":{"next":{"cursor":"X"}}}""".Replace("X", ring[page++ % 4], StringComparison.Ordinal)));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(api.PageServiceClients(null, null)));
        Assert.Equal(ApiFailure.CursorRepeated, error.Failure);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task The_cursor_that_a_walk_began_with_counts_as_seen()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[],"pagination":{"next":{"cursor":"a"}}}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(api.PageServiceClients(null, "a")));
        Assert.Equal(ApiFailure.CursorRepeated, error.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_empty_page_that_names_a_next_one_does_not_end_the_walk()
    {
        await using ScriptedServer server = ScriptedServer.Start(request => ScriptedResponse.Json(request.Target.Split("cursor=") switch
        {
            [_] => """{"clients":[{"clientId":"sc_1"}],"pagination":{"next":{"cursor":"a"}}}""",
            [_, "a"] => """{"clients":[],"pagination":{"next":{"cursor":"b"}}}""",
            _ => """{"clients":[{"clientId":"sc_2"}],"pagination":{"next":null},"links":{}}""",
        }));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal(["sc_1", "sc_2"], await WalkAsync(api.PageServiceClients(null, null)));
    }

    [Theory]
    [InlineData("""{"clients":[]}""", null)]
    [InlineData("""{"clients":[],"pagination":null,"links":null}""", null)]
    [InlineData("""{"clients":[],"pagination":{"next":{"cursor":""}}}""", null)]
    [InlineData("""{"clients":[],"pagination":{"next":{"cursor":"p"}},"links":{"next":{"href":"https://x/?cursor=l"}}}""", "p")]
    [InlineData("""{"clients":[],"pagination":{"next":{"cursor":null}},"links":{"next":{"href":"https://x/?cursor=l"}}}""", "l")]
    [InlineData("""{"clients":[],"links":{"next":{"href":"/v1/clients?limit=1&cursor=a%2Fb%3D%3D&x=1"}}}""", "a/b==")]
    [InlineData("""{"clients":[],"links":{"next":{"href":"?cursor=%F0%9F%98%80#cursor=no"}}}""", "😀")]
    [InlineData("""{"clients":[],"links":{"next":{"href":"https://x/cursor=no"}}}""", null)]
    [InlineData("""{"clients":[],"links":{"next":{"href":"https://x/?precursor=no"}}}""", null)]
    [InlineData("""{"clients":[],"links":{"next":{"href":"https://x/?cursor="}}}""", null)]
    [InlineData("""{"clients":[],"links":{"next":{"href":null}}}""", null)]
    public async Task The_cursor_is_found_in_either_place(string body, string? cursor)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal(cursor, (await api.ListServiceClientsAsync(null, null, default)).NextCursor);
    }

    [Fact]
    public async Task A_page_that_failed_can_be_asked_for_again()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 0);
        session.Server.SeedClients(9);
        ServiceClientPager pager = session.Api.PageServiceClients(5, null);
        List<string> walked = [.. (await pager.NextAsync(default)).Clients.Select(client => client.ClientId)];
        session.Server.AddFault("GET", "*", new StatusFault(503));
        await Assert.ThrowsAsync<AuthressApiException>(() => pager.NextAsync(default));
        walked.AddRange((await pager.NextAsync(default)).Clients.Select(client => client.ClientId));
        Assert.True(pager.AtEnd);
        Assert.Equal(session.Server.Clients.Select(client => client.ClientId), walked);
    }

    [Fact]
    public async Task There_is_nothing_after_the_last_page()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClientPager pager = session.Api.PageServiceClients(null, null);
        await pager.NextAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pager.NextAsync(default));
        Assert.Single(session.Server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(45)]
    public async Task Pages_that_are_read_ahead_are_the_same_pages(int seeded)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> ids = session.Server.SeedClients(seeded);
        using ServiceClientPager pager = session.Api.PageServiceClients(7, null, readAhead: true);
        Assert.Equal([session.Server.AdminClientId, .. ids], await WalkAsync(pager));
        Assert.Equal((seeded + 7) / 7, session.Server.Requests.Count);
    }

    [Fact]
    public async Task The_next_page_is_asked_for_while_this_one_is_worked_on()
    {
        await using ScriptedServer server = ScriptedServer.Start(request => ScriptedResponse.Json(request.Target.Contains("cursor", StringComparison.Ordinal)
            ? """{"clients":[{"clientId":"sc_2"}]}"""
            : """{"clients":[{"clientId":"sc_1"}],"pagination":{"next":{"cursor":"a"}}}"""));
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int reported = 0;
        using AuthressApi api = TestApi.Connect(server.Url).ForInvocation(
            _ =>
            {
                if (Interlocked.Increment(ref reported) == 2)
                    second.SetResult();
            },
            _ => { },
            default);
        using ServiceClientPager pager = api.PageServiceClients(null, null, readAhead: true);
        Assert.Equal("sc_1", (await pager.NextAsync(default)).Clients.Single().ClientId);
        await second.Task;
        Assert.Equal("sc_2", (await pager.NextAsync(default)).Clients.Single().ClientId);
        Assert.True(pager.AtEnd);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_page_that_failed_while_it_was_read_ahead_can_be_asked_for_again()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 0);
        session.Server.SeedClients(9);
        session.Server.AddFault("GET", "*", new StatusFault(503), skip: 1);
        using ServiceClientPager pager = session.Api.PageServiceClients(5, null, readAhead: true);
        List<string> walked = [.. (await pager.NextAsync(default)).Clients.Select(client => client.ClientId)];
        await Assert.ThrowsAsync<AuthressApiException>(() => pager.NextAsync(default));
        walked.AddRange((await pager.NextAsync(default)).Clients.Select(client => client.ClientId));
        Assert.True(pager.AtEnd);
        Assert.Equal(session.Server.Clients.Select(client => client.ClientId), walked);
    }

    [Fact]
    public async Task A_walk_that_reads_ahead_ends_at_a_cursor_that_comes_back()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(30);
        session.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        using ServiceClientPager pager = session.Api.PageServiceClients(5, null, readAhead: true);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(pager));
        Assert.Equal(ApiFailure.CursorRepeated, error.Failure);
        Assert.Equal(2, session.Server.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ending_a_walk_early_cancels_the_page_that_is_read_ahead(bool byToken)
    {
        List<UnobservedTaskExceptionEventArgs> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
                unobserved.Add(e);
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using ScriptedServer server = ScriptedServer.Start(request =>
            {
                if (!request.Target.Contains("cursor", StringComparison.Ordinal))
                    return ScriptedResponse.Json("""{"clients":[],"pagination":{"next":{"cursor":"a"}}}""");
                arrived.SetResult();
                return ScriptedResponse.Silence;
            });
            TaskCompletionSource given = new(TaskCreationOptions.RunContinuationsAsynchronously);
            int reported = 0;
            using AuthressApi api = TestApi.Connect(server.Url).ForInvocation(
                _ =>
                {
                    if (Interlocked.Increment(ref reported) == 2)
                        given.SetResult();
                },
                _ => { },
                default);
            using CancellationTokenSource stop = new();
            ServiceClientPager pager = api.PageServiceClients(null, null, readAhead: true);
            await pager.NextAsync(stop.Token);
            await arrived.Task;
            if (byToken)
                await stop.CancelAsync();
            else
                pager.Dispose();
            await given.Task;
            if (byToken)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pager.NextAsync(stop.Token));
            pager.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pager.NextAsync(default));
            Assert.Equal(2, server.Requests.Count);
        }
        finally
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.DoesNotContain(unobserved, e => e.Exception.ToString().Contains("ServiceClientPager", StringComparison.Ordinal) || e.Exception.ToString().Contains("ListAsync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_is_read_ahead_is_cancelled_by_the_waiters_token()
    {
        await using ScriptedServer server = ScriptedServer.Start(request => request.Target.Contains("cursor", StringComparison.Ordinal)
            ? ScriptedResponse.Silence
            : ScriptedResponse.Json("""{"clients":[],"pagination":{"next":{"cursor":"a"}}}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        using ServiceClientPager pager = api.PageServiceClients(null, null, readAhead: true);
        await pager.NextAsync(default);
        using CancellationTokenSource stop = new();
        Task<ServiceClientPage> next = pager.NextAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static async Task<List<string>> WalkAsync(ServiceClientPager pager)
    {
        List<string> walked = [];
        while (!pager.AtEnd)
            walked.AddRange((await pager.NextAsync(default)).Clients.Select(client => client.ClientId));
        return walked;
    }
}
