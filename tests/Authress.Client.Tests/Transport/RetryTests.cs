using Authress.Client.ServiceClients;
using Authress.Client.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>Which requests are retried, how often, and after which waits.</summary>
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
    public async Task A_transient_status_is_retried_if_that_is_safe(string method, int status, bool again)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(status));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 3, time: time);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Calls[method](api));
        Assert.Equal((status, error.Attempts), (error.StatusCode!.Value, server.Requests.Count));
        Assert.Equal(again ? 4 : status == 401 ? 2 : 1, server.Requests.Count);
        Assert.Equal(again ? 3 : 0, time.Waits.Count);
    }

    [Fact]
    public async Task A_request_succeeds_after_transient_failures()
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
    public async Task No_request_is_retried_more_often_than_configured(int retries)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(500));
        using AuthressApi api = TestApi.Connect(server.Url, retries: retries);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal((retries + 1, retries + 1), (error.Attempts, server.Requests.Count));
    }

    [Theory]
    [InlineData(500, 0.2, 2)]
    [InlineData(429, 0.02, 4)]
    public async Task Waits_grow_by_a_factor_up_to_a_bound_and_vary(int status, double first, double factor)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(status));
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
    public async Task The_total_wait_of_a_request_is_bounded()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 20, retryWait: TimeSpan.FromSeconds(5), time: time);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.InRange(time.Waits.Sum(wait => wait.TotalSeconds), 1, 5);
        Assert.InRange(server.Requests.Count, 4, 7);
    }

    [Fact]
    public async Task Without_time_to_wait_nothing_is_retried()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503));
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
    public async Task Retry_After_is_obeyed_if_it_fits(int status, string header, double seconds)
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0
            ? ScriptedResponse.Empty(status, "Date: Tue, 03 Jun 2025 10:00:00 GMT", header)
            : ScriptedResponse.Json("""{"clientId":"sc_a"}"""));
        TestTime time = new();
        List<RetryRecord> reported = [];
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(_ => { }, reported.Add, default);
        await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(reported).Wait);
        Assert.Equal(TimeSpan.FromSeconds(seconds), time.Waits[0]);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(61, 1)]
    [InlineData(86_400, 1)]
    public async Task A_Retry_After_that_does_not_fit_ends_the_retries_at_once(int seconds, int sent)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(429, $"Retry-After: {seconds}"));
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
    public async Task A_Retry_After_of_zero_does_not_shorten_the_backoff(string header)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503, "Date: Tue, 03 Jun 2025 10:00:00 GMT", header));
        TestTime time = new();
        using AuthressApi api = TestApi.Connect(server.Url, retries: 2, time: time);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.All(time.Waits, wait => Assert.True(wait >= TimeSpan.FromMilliseconds(100)));
        Assert.Equal(2, time.Waits.Count);
    }

    [Fact]
    public async Task Each_retry_is_reported_before_its_wait_with_the_reason_and_nothing_else()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ switch
        {
            0 => ScriptedResponse.Dropped,
            1 => ScriptedResponse.Empty(429),
            2 => ScriptedResponse.CutShort("""{"clients":["""),
            3 => ScriptedResponse.Json("""{"title":"a secret"}""", 503),
            _ => ScriptedResponse.Json("""{"clients":[]}"""),
        });
        TestTime time = new();
        List<RetryRecord> reported = [];
        List<int> waitsBefore = [];
        using AuthressApi api = TestApi.Connect(server.Url, time: time).ForInvocation(
            _ => { },
            record =>
            {
                reported.Add(record);
                waitsBefore.Add(time.Waits.Count);
            },
            default);
        // Not a read: HttpClient itself repeats one when a connection breaks, unreported.
        await api.SendAsync("PUT", "/v1/users/u?hidden=1", """{"hidden":2}""", default);
        Assert.Equal([2, 3, 4, 5], reported.Select(record => record.Attempt));
        Assert.Equal([0, 1, 2, 3], waitsBefore);
        Assert.Equal(["the connection broke before a response arrived", "429 TooManyRequests", "the response was cut short", "503 ServiceUnavailable"], reported.Select(record => record.Reason));
        Assert.All(reported, record => Assert.Equal(("PUT", "/v1/users/u"), (record.Method, record.Path)));
        Assert.Equal(time.Waits, reported.Select(record => TimeSpan.FromMilliseconds(Math.Floor(record.Wait.TotalMilliseconds))));
    }

    [Fact]
    public async Task A_time_out_is_reported_with_its_length()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Silence);
        List<RetryRecord> reported = [];
        using AuthressApi api = TestApi.Connect(server.Url, timeout: TimeSpan.FromMilliseconds(200), retries: 1).ForInvocation(_ => { }, reported.Add, default);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal("no response within 0.2 seconds", Assert.Single(reported).Reason);
    }

    [Fact]
    public async Task Every_attempt_is_logged_as_a_request()
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
    public async Task A_404_after_a_deletion_with_an_unknown_outcome_is_success(bool key)
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
    public async Task A_raw_404_after_a_deletion_with_an_unknown_outcome_is_returned()
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
    public async Task A_404_after_a_deletion_that_was_never_carried_out_is_an_error(int status)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        if (status != 0)
            session.Server.AddFault("DELETE", "*", new StatusFault(status));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.DeleteServiceClientAsync("sc_nobody", default));
        Assert.Equal((404, false), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task A_404_with_an_HTML_page_does_not_prove_a_deletion()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0 ? ScriptedResponse.Dropped : ScriptedResponse.Html(404));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((404, true), (error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task An_unknown_outcome_stays_unknown_whatever_the_last_attempt_returns()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => served++ == 0 ? ScriptedResponse.Empty(500) : ScriptedResponse.Empty(403));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteAccessKeyAsync("sc_a", "k1", default));
        Assert.Equal((403, true, 2), (error.StatusCode, error.OutcomeUnknown, error.Attempts));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_wait_ends_at_once_when_the_caller_cancels(string method)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503));
        TestTime time = new(standsStill: true);
        using AuthressApi api = TestApi.Connect(server.Url, time: time);
        using CancellationTokenSource cancellation = new();
        Task call = method == "GET" ? api.GetServiceClientAsync("sc_a", cancellation.Token) : api.DeleteServiceClientAsync("sc_a", cancellation.Token);
        await time.Waited;
        Assert.False(call.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_wait_ends_at_once_when_the_invocation_stops()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(429));
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
    public async Task An_unknown_outcome_is_reported_when_the_invocation_stops_during_a_wait()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(500));
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
    public async Task The_token_is_renewed_once_and_that_is_not_a_retry()
    {
        int served = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedResponse.Empty(served++ % 2 == 0 ? 401 : 503));
        List<RetryRecord> reported = [];
        using AuthressApi api = TestApi.Connect(server.Url).ForInvocation(_ => { }, reported.Add, default);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        // 401, token renewed, 503, retried, 401: the token is not renewed twice.
        Assert.Equal((401, 3), (error.StatusCode, error.Attempts));
        Assert.Single(reported);
    }

    [Fact]
    public async Task Negative_bounds_are_refused()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Silence);
        Assert.Throws<ArgumentException>(() => TestApi.Connect(server.Url, retries: -1));
        Assert.Throws<ArgumentException>(() => TestApi.Connect(server.Url, retryWait: TimeSpan.FromSeconds(-1)));
    }
}
