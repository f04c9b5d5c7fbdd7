using Authress.Client.ServiceClients;
using Authress.Client.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>What is tried again, how often, and how long is waited in between.</summary>
public partial class RetryTests
{
    private static readonly Dictionary<string, Func<AuthressApi, Task>> Calls = new()
    {
        ["GET"] = api => api.GetServiceClientAsync("sc_a", default),
        ["HEAD"] = api => api.SendAsync("HEAD", "/v1/clients/sc_a", null, default),
        ["OPTIONS"] = api => api.SendAsync("OPTIONS", "/v1/clients/sc_a", null, default),
        ["PUT"] = api => api.SendAsync("PUT", "/v1/clients/sc_a", "{}", default),
        ["DELETE"] = api => api.DeleteServiceClientAsync("sc_a", default),
        ["POST"] = api => api.CreateServiceClientAsync(new ServiceClientChange(), default),
        ["PATCH"] = api => api.SendAsync("PATCH", "/v1/clients/sc_a", "{}", default),
    };

    public static TheoryData<string, int, bool> Statuses
    {
        get
        {
            TheoryData<string, int, bool> rows = [];
            foreach (string method in Calls.Keys)
            {
                foreach (int status in new[] { 400, 401, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504 })
                    rows.Add(method, status, status == 429 || (method is not ("POST" or "PATCH") && status is 408 or 500 or 502 or 503 or 504));
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_that_passes_is_tried_again_where_to_send_twice_is_safe(string method, int status, bool again)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(status));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 3, time: time);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Calls[method](api));
        Assert.Equal((status, error.Attempts), (error.StatusCode!.Value, server.Requests.Count));
        Assert.Equal(again ? 4 : status == 401 ? 2 : 1, server.Requests.Count);
        Assert.Equal(again ? 3 : 0, time.Waits.Count);
    }

    [Fact]
    public async Task A_request_that_succeeds_in_the_end_has_succeeded()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("GET", "*", new StatusFault(503), times: 2);
        session.Server.AddFault("GET", "*", new DropFault(), times: 2);
        session.Server.AddFault("GET", "*", new TruncateFault());
        Assert.Equal(id, (await session.Api.GetServiceClientAsync(id, default)).ClientId);
        Assert.Equal(6, session.Server.Requests.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task No_request_is_tried_again_more_often_than_was_set(int retries)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(500));
        using AuthressApi api = TestApi.Connect(server.Url, retries: retries);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal((retries + 1, retries + 1), (error.Attempts, server.Requests.Count));
    }

    [Theory]
    [InlineData(500, 0.2, 2)]
    [InlineData(429, 0.02, 4)]
    public async Task Waits_grow_by_a_factor_to_a_bound_and_are_never_all_alike(int status, double first, double factor)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(status));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 8, retryWait: TimeSpan.FromHours(1), time: time);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        double[] waits = [.. time.Waits.Select(wait => wait.TotalSeconds)];
        Assert.Equal(8, waits.Length);
        for (int i = 0; i < waits.Length; i++)
        {
            double most = Math.Min(8, first * Math.Pow(factor, i));
            Assert.InRange(waits[i], (most / 2) - 0.001, most);
        }

        Assert.InRange(waits.Distinct().Count(), 6, 8);
    }

    [Fact]
    public async Task All_waits_of_a_request_together_are_bounded()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(503));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 20, retryWait: TimeSpan.FromSeconds(5), time: time);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.InRange(time.Waits.Sum(wait => wait.TotalSeconds), 1, 5);
        Assert.InRange(server.Requests.Count, 4, 7);
    }

    [Fact]
    public async Task Without_time_to_wait_nothing_is_tried_again()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(503));
        using AuthressApi api = TestApi.Connect(server.Url, retryWait: TimeSpan.Zero);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(429, "Retry-After: 17", 17)]
    [InlineData(503, "Retry-After: 17", 17)]
    [InlineData(500, "Retry-After: 17", 17)]
    [InlineData(429, "Retry-After: Tue, 03 Jun 2025 10:00:12 GMT", 12)]
    [InlineData(503, "Retry-After: Tue, 03 Jun 2025 10:00:12 GMT", 12)]
    public async Task What_the_server_asks_for_is_waited_if_it_fits(int status, string header, double seconds)
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0
            ? ScriptedAnswer.Empty(status, "Date: Tue, 03 Jun 2025 10:00:00 GMT", header)
            : ScriptedAnswer.Json("""{"clientId":"sc_a"}"""));
        TestTime time = new();
        List<RetryRecord> told = [];
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(_ => { }, told.Add, default);
        await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(told).Wait);
        Assert.Equal(TimeSpan.FromSeconds(seconds), time.Waits[0]);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(61, 1)]
    [InlineData(86_400, 1)]
    public async Task A_wait_that_does_not_fit_ends_the_tries_at_once(int seconds, int sent)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(429, $"Retry-After: {seconds}"));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
        Assert.Equal((TimeSpan.FromSeconds(seconds), sent, false), (error.RetryAfter, error.Attempts, error.OutcomeUnknown));
        Assert.Equal(sent, server.Requests.Count);
    }

    [Theory]
    [InlineData("Retry-After: 0")]
    [InlineData("Retry-After: soon")]
    [InlineData("Retry-After: -5")]
    [InlineData("Retry-After: Tue, 03 Jun 2025 09:00:00 GMT")]
    public async Task A_wait_of_nothing_is_no_reason_to_hurry(string header)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(503, "Date: Tue, 03 Jun 2025 10:00:00 GMT", header));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 2, time: time);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.All(time.Waits, wait => Assert.True(wait >= TimeSpan.FromMilliseconds(100)));
        Assert.Equal(2, time.Waits.Count);
    }

    [Fact]
    public async Task Each_further_try_is_told_before_its_wait_with_the_reason_and_nothing_else()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ switch
        {
            0 => ScriptedAnswer.Dropped,
            1 => ScriptedAnswer.Empty(429),
            2 => ScriptedAnswer.CutShort("""{"clients":["""),
            3 => ScriptedAnswer.Json("""{"title":"a secret"}""", 503),
            _ => ScriptedAnswer.Json("""{"clients":[]}"""),
        });
        TestTime time = new();
        List<RetryRecord> told = [];
        List<int> waitsBefore = [];
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(
            _ => { },
            record =>
            {
                told.Add(record);
                waitsBefore.Add(time.Waits.Count);
            },
            default);
        // HttpClient sends a read again by itself when its connection breaks, and then there is nothing to tell.
        await api.SendAsync("PUT", "/v1/users/u?hidden=1", """{"hidden":2}""", default);
        Assert.Equal([2, 3, 4, 5], told.Select(record => record.Attempt));
        Assert.Equal([0, 1, 2, 3], waitsBefore);
        Assert.Equal(["the connection broke before a response arrived", "429 TooManyRequests", "the response was cut short", "503 ServiceUnavailable"], told.Select(record => record.Reason));
        Assert.All(told, record => Assert.Equal(("PUT", "/v1/users/u"), (record.Method, record.Path)));
        Assert.Equal(time.Waits, told.Select(record => TimeSpan.FromMilliseconds(Math.Floor(record.Wait.TotalMilliseconds))));
    }

    [Fact]
    public async Task A_time_out_is_told_with_its_length()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Silence);
        List<RetryRecord> told = [];
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromMilliseconds(200), retries: 1).ForInvocation(_ => { }, told.Add, default);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal("no response within 0.2 seconds", Assert.Single(told).Reason);
    }

    [Fact]
    public async Task Every_try_is_logged_as_a_request()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        List<RequestRecord> log = [];
        session.Server.AddFault("GET", "*", new StatusFault(502), times: 2);
        await session.Api.ForInvocation(log.Add, _ => { }, default).ProbeAsync(default);
        Assert.Equal([502, 502, 200], log.Select(record => record.StatusCode!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_that_is_not_found_after_one_in_doubt_has_succeeded(bool key)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        string keyId = session.Server.FindClient(id)!.Keys[0].KeyId;
        session.Server.AddFault("DELETE", "*", new ActThenDropFault());
        await (key ? session.Api.DeleteAccessKeyAsync(id, keyId, default) : session.Api.DeleteServiceClientAsync(id, default));
        Assert.Equal([null, 404], session.Server.Requests.Select(request => request.Status));
        Assert.True(key ? session.Server.FindClient(id)!.Keys.Count == 0 : session.Server.FindClient(id) is null);
    }

    [Fact]
    public async Task A_raw_deletion_that_is_not_found_after_one_in_doubt_tells_its_status()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("DELETE", "*", new StatusFault(500) { Act = true });
        Assert.Equal(404, (await session.Api.SendAsync("DELETE", $"/v1/clients/{id}", null, default)).StatusCode);
        Assert.Null(session.Server.FindClient(id));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(0)]
    public async Task A_deletion_that_is_not_found_after_one_that_never_acted_has_failed(int status)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        if (status != 0)
            session.Server.AddFault("DELETE", "*", new StatusFault(status));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.DeleteServiceClientAsync("sc_nobody", default));
        Assert.Equal((404, false), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task A_page_that_says_404_is_no_proof_of_a_deletion()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0 ? ScriptedAnswer.Dropped : ScriptedAnswer.Html(404));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((404, true), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task A_change_once_in_doubt_stays_so_whatever_its_last_try_says()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0 ? ScriptedAnswer.Empty(500) : ScriptedAnswer.Empty(403));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteAccessKeyAsync("sc_a", "k1", default));
        Assert.Equal((403, true, 2), (error.StatusCode, error.OutcomeUnknown, error.Attempts));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_wait_ends_at_once_when_the_caller_gives_up(string method)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(503));
        TestTime time = new(standsStill: true);
        using AuthressApi api = TestApi.Connect(server.Url, time: time);
        using CancellationTokenSource givingUp = new();
        Task call = method == "GET" ? api.GetServiceClientAsync("sc_a", givingUp.Token) : api.DeleteServiceClientAsync("sc_a", givingUp.Token);
        await time.Waited;
        Assert.False(call.IsCompleted);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_wait_ends_at_once_when_the_invocation_stops()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(429));
        TestTime time = new(standsStill: true);
        using CancellationTokenSource stopping = new();
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(_ => { }, _ => { }, stopping.Token);
        Task call = api.CreateAccessKeyAsync("sc_a", default);
        await time.Waited;
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_change_in_doubt_tells_so_when_the_invocation_stops_while_it_waits()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(500));
        TestTime time = new(standsStill: true);
        using CancellationTokenSource stopping = new();
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(_ => { }, _ => { }, stopping.Token);
        Task call = api.DeleteServiceClientAsync("sc_a", default);
        await time.Waited;
        await stopping.CancelAsync();
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call);
        Assert.Equal((500, true, 1), (error.StatusCode, error.OutcomeUnknown, error.Attempts));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_token_is_signed_anew_once_and_that_is_no_retry()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedAnswer.Empty(served++ % 2 == 0 ? 401 : 503));
        List<RetryRecord> told = [];
        using AuthressApi api = TestApi.Connect(server.Url).ForInvocation(_ => { }, told.Add, default);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        // 401, signed anew: 503, tried again: 401, and that is the end of it.
        Assert.Equal((401, 3), (error.StatusCode, error.Attempts));
        Assert.Single(told);
    }

    [Fact]
    public async Task Bounds_below_nothing_are_refused()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Silence);
        Assert.Throws<ArgumentException>(() => TestApi.Connect(server.Url, retries: -1));
        Assert.Throws<ArgumentException>(() => TestApi.Connect(server.Url, retryWait: TimeSpan.FromSeconds(-1)));
    }
}
