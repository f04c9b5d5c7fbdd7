using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>The pager requests each page once, in order, and only when it is needed.</summary>
public class ServiceClientPagerTests
{
    [Theory]
    [InlineData(PagingStyle.CursorAndLink, 45, false)]
    [InlineData(PagingStyle.CursorOnly, 45, false)]
    [InlineData(PagingStyle.LinkOnly, 45, false)]
    [InlineData(PagingStyle.CursorAndLink, 0, true)]
    [InlineData(PagingStyle.CursorAndLink, 45, true)]
    public async Task Every_client_is_returned_once(PagingStyle style, int seeded, bool readAhead)
    {
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Paging = style });
        IReadOnlyList<string> ids = session.Server.SeedClients(seeded);
        using ServiceClientPager pager = session.Api.PageServiceClients(7, null, readAhead);
        Assert.Equal([session.Server.AdminClientId, .. ids], await WalkAsync(pager));
        Assert.Equal((seeded + 7) / 7, session.Server.Requests.Count);
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
    public async Task A_page_is_requested_only_when_it_is_needed()
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
    public async Task Paging_begins_at_the_given_cursor()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(10);
        string cursor = (await session.Api.ListServiceClientsAsync(4, null, default)).NextCursor!;
        Assert.Equal(seeded.Skip(3), await WalkAsync(session.Api.PageServiceClients(3, cursor)));
    }

    [Theory]
    [InlineData("2025-06-03T09:00:00Z", true)]
    [InlineData("2025-06-03T10:00:01.999Z", true)]
    [InlineData("2025-06-03T10:00:02Z", false)]
    [InlineData("2025-06-03T12:00:00+01:00", false)]
    [InlineData(null, true)]
    public async Task A_later_page_has_no_client_that_is_newer_than_the_first_page_by_the_servers_clock(string? created, bool isListed)
    {
        const string date = "Date: Tue, 03 Jun 2025 10:00:00 GMT";
        string client = created is null ? """{"clientId":"sc_b"}""" : $$"""{"clientId":"sc_b","createdTime":"{{created}}"}""";
        await using ScriptedServer server = ScriptedServer.Start(request => request.Target.Contains("cursor", StringComparison.Ordinal)
            ? ScriptedResponse.Json($$"""{"clients":[{{client}}]}""", 200, date.Replace("10:00", "10:30", StringComparison.Ordinal))
            : ScriptedResponse.Json("""{"clients":[{"clientId":"sc_a","createdTime":"2025-06-03T11:00:00Z"}],"pagination":{"next":{"cursor":"2"}}}""", 200, date));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal(isListed ? ["sc_a", "sc_b"] : ["sc_a"], await WalkAsync(api.PageServiceClients(null, null)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_walk_that_creates_a_client_for_each_listed_one_ends(bool byOtherRoute)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(45);
        ServiceClient before = await session.Api.CreateServiceClientAsync(new ServiceClientChange(), default);
        List<string> walked = [];
        using ServiceClientPager pager = session.Api.PageServiceClients(20, null);
        while (!pager.AtEnd)
        {
            foreach (ServiceClient client in (await pager.NextAsync(default)).Clients)
            {
                walked.Add(client.ClientId);
                if (byOtherRoute)
                    await session.Api.SendAsync("POST", "v1/clients", "{}", default);
                else
                    await session.Api.CreateServiceClientAsync(new ServiceClientChange(), default);
            }
        }

        // Created in the same second, but before the listing began.
        Assert.Equal([session.Server.AdminClientId, .. seeded, before.ClientId], walked);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_later_page_leaves_out_a_client_whose_creation_has_not_returned_yet(bool readAhead, bool byOtherRoute)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(5);
        HeldResponse creationReturns = new("POST", "/v1/clients");
        HeldResponse pageArrives = new("GET", "cursor");
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey, handler: inner => new ResponseHolder(inner, creationReturns, pageArrives));
        using ServiceClientPager pager = api.PageServiceClients(5, null, readAhead);
        Task creation = byOtherRoute ? api.SendAsync("POST", "v1/clients", "{}", default) : api.CreateServiceClientAsync(new ServiceClientChange(), default);
        await creationReturns.IsHeld;
        await pager.NextAsync(default);
        Task<ServiceClientPage> last = pager.NextAsync(default);
        await pageArrives.IsHeld;

        // What follows the response runs before Release returns.
        await Task.Run(pageArrives.Release);
        Assert.False(last.IsCompleted);
        creationReturns.Release();
        Assert.Equal(seeded[^1], Assert.Single((await last).Clients).ClientId);
        await creation;
    }

    [Theory]
    [InlineData("2025-06-03T09:59:57Z", false)]
    [InlineData("2025-06-03T09:59:58Z", true)]
    [InlineData("2025-06-03T10:00:01Z", true)]
    [InlineData("2025-06-03T10:00:02Z", false)]
    [InlineData(null, true)]
    [InlineData(null, true, true)]
    public async Task A_later_page_waits_only_for_a_creation_whose_client_it_may_show(string? created, bool waits, bool stops = false)
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedServer server = ScriptedServer.Start(request =>
        {
            if (request.Method == "POST")
            {
                arrived.SetResult();
                return ScriptedResponse.Silence;
            }

            string client = created is null ? """{"clientId":"sc_b"}""" : $$"""{"clientId":"sc_b","createdTime":"{{created}}"}""";
            return ScriptedResponse.Json(
                request.Target.Contains("cursor", StringComparison.Ordinal) ? $$"""{"clients":[{{client}}]}""" : """{"clients":[{"clientId":"sc_a"}],"pagination":{"next":{"cursor":"2"}}}""",
                200,
                "Date: Tue, 03 Jun 2025 10:00:00 GMT");
        });
        HeldResponse pageArrives = new("GET", "cursor");
        using AuthressApi api = TestApi.Connect(server.Url, handler: inner => new ResponseHolder(inner, pageArrives));
        using CancellationTokenSource cancelCreation = new();
        Task creation = api.CreateServiceClientAsync(new ServiceClientChange(), cancelCreation.Token);
        await arrived.Task;
        using CancellationTokenSource stop = new();
        using ServiceClientPager pager = api.ForInvocation(_ => { }, _ => { }, stop.Token).PageServiceClients(null, null);
        await pager.NextAsync(default);
        using CancellationTokenSource cancelPage = new();
        Task<ServiceClientPage> last = pager.NextAsync(cancelPage.Token);
        await pageArrives.IsHeld;
        await Task.Run(pageArrives.Release);
        if (!waits)
        {
            Assert.Equal(created == "2025-06-03T09:59:57Z" ? 1 : 0, (await last).Clients.Count);
            Assert.False(creation.IsCompleted);
            return;
        }

        Assert.False(last.IsCompleted);
        await (stops ? stop : cancelPage).CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        if (stops)
            return;

        // A page that was not returned can be requested again.
        last = pager.NextAsync(default);
        Assert.False(creation.IsCompleted);
        await cancelCreation.CancelAsync();
        Assert.Equal("sc_b", Assert.Single((await last).Clients).ClientId);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_does_not_wait_for_a_creation_that_has_ended(bool succeeded)
    {
        await using ScriptedServer server = ScriptedServer.Start(request => (request.Method, succeeded) switch
        {
            ("POST", true) => ScriptedResponse.Json("""{"clientId":"sc_b"}""", 201),
            ("POST", false) => ScriptedResponse.Dropped,
            _ => ScriptedResponse.Json(request.Target.Contains("cursor", StringComparison.Ordinal)
                ? """{"clients":[{"clientId":"sc_b"}]}"""
                : """{"clients":[{"clientId":"sc_a"}],"pagination":{"next":{"cursor":"2"}}}"""),
        });
        using AuthressApi api = TestApi.Connect(server.Url);
        using ServiceClientPager pager = api.PageServiceClients(null, null);
        await pager.NextAsync(default);
        if (succeeded)
            await api.CreateServiceClientAsync(new ServiceClientChange(), default);
        else
            Assert.True((await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateServiceClientAsync(new ServiceClientChange(), default))).OutcomeUnknown);
        Assert.Equal(succeeded ? 0 : 1, (await pager.NextAsync(default)).Clients.Count);
    }

    [Fact]
    public async Task Deletions_between_pages_skip_no_other_client()
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

            // The client that the cursor points to, and one of a later page.
            foreach (string id in new[] { walked[^1], seeded[^(deleted.Count + 1)] }.Where(id => session.Server.FindClient(id) is not null))
            {
                await session.Api.DeleteServiceClientAsync(id, default);
                deleted.Add(id);
            }
        }

        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Empty(seeded.Except(walked).Except(deleted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeated_cursor_is_an_error(bool readAhead)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(30);
        session.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(session.Api.PageServiceClients(5, null, readAhead)));
        Assert.Equal((ApiFailure.CursorRepeated, "GET", "/v1/clients", false), (error.Failure, error.Method, error.Path, error.OutcomeUnknown));
        Assert.Equal(2, session.Server.Requests.Count);
    }

    [Fact]
    public async Task A_cycle_of_cursors_is_an_error()
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
    public async Task A_repeated_first_cursor_is_an_error()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[],"pagination":{"next":{"cursor":"a"}}}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => WalkAsync(api.PageServiceClients(null, "a")));
        Assert.Equal(ApiFailure.CursorRepeated, error.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_empty_page_with_a_next_cursor_does_not_end_paging()
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
    public async Task The_cursor_is_read_from_the_pagination_or_the_link(string body, string? cursor)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal(cursor, (await api.ListServiceClientsAsync(null, null, default)).NextCursor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_page_can_be_requested_again(bool readAhead)
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 0);
        session.Server.SeedClients(9);
        session.Server.AddFault("GET", "*", new StatusFault(503), skip: 1);
        using ServiceClientPager pager = session.Api.PageServiceClients(5, null, readAhead);
        List<string> walked = [.. (await pager.NextAsync(default)).Clients.Select(client => client.ClientId)];
        await Assert.ThrowsAsync<AuthressApiException>(() => pager.NextAsync(default));
        walked.AddRange((await pager.NextAsync(default)).Clients.Select(client => client.ClientId));
        Assert.True(pager.AtEnd);
        Assert.Equal(session.Server.Clients.Select(client => client.ClientId), walked);
    }

    [Fact]
    public async Task No_page_is_requested_after_the_last()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClientPager pager = session.Api.PageServiceClients(null, null);
        await pager.NextAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pager.NextAsync(default));
        Assert.Single(session.Server.Requests);
    }

    [Fact]
    public async Task The_next_page_is_requested_while_this_one_is_processed()
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ending_early_cancels_the_page_that_is_read_ahead(bool byToken)
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
            TaskCompletionSource reportedTwice = new(TaskCreationOptions.RunContinuationsAsynchronously);
            int reported = 0;
            using AuthressApi api = TestApi.Connect(server.Url).ForInvocation(
                _ =>
                {
                    if (Interlocked.Increment(ref reported) == 2)
                        reportedTwice.SetResult();
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
            await reportedTwice.Task;
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
    public async Task The_token_of_the_caller_cancels_a_page_that_is_read_ahead()
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
