using Authress.Client.ServiceClients;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>Error responses.</summary>
public class ErrorResponseTests
{
    private static readonly Dictionary<string, (string Method, string Path, string Permission, Func<AuthressApi, Task> Call)> Operations = new()
    {
        ["list"] = ("GET", "/v1/clients", "READ: Authress:ServiceClients", api => api.ListServiceClientsAsync(3, "c", default)),
        ["retrieve"] = ("GET", "/v1/clients/sc_a%2Fb", "READ: Authress:ServiceClients/sc_a/b", api => api.GetServiceClientAsync("sc_a/b", default)),
        ["create"] = ("POST", "/v1/clients", "CREATE: Authress:ServiceClients", api => api.CreateServiceClientAsync(new ServiceClientChange(), default)),
        ["update"] = ("PUT", "/v1/clients/sc_a", "UPDATE: Authress:ServiceClients/sc_a", api => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("b") }, default)),
        ["delete"] = ("DELETE", "/v1/clients/sc_a", "UPDATE: Authress:ServiceClients/sc_a", api => api.DeleteServiceClientAsync("sc_a", default)),
        ["create key"] = ("POST", "/v1/clients/sc_a/access-keys", "UPDATE: Authress:ServiceClients/sc_a/access-keys", api => api.CreateAccessKeyAsync("sc_a", default)),
        ["delete key"] = ("DELETE", "/v1/clients/sc_a/access-keys/k2", "UPDATE: Authress:ServiceClients/sc_a/access-keys/k2", api => api.DeleteAccessKeyAsync("sc_a", "k2", default)),
        ["probe"] = ("GET", "/v1/clients", "READ: Authress:ServiceClients", api => api.ProbeAsync(default)),
    };

    private static readonly int[] Statuses = [400, 401, 402, 403, 404, 408, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504, 599];

    public static TheoryData<string> OperationNames => [.. Operations.Keys];

    public static TheoryData<string, int> EveryOperationAndStatus
    {
        get
        {
            TheoryData<string, int> rows = [];
            foreach (string operation in Operations.Keys)
            {
                foreach (int status in Statuses)
                    rows.Add(operation, status);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(EveryOperationAndStatus))]
    public async Task An_error_has_every_detail_that_support_and_the_caller_need(string operation, int status)
    {
        (string method, string path, string permission, Func<AuthressApi, Task> call) = Operations[operation];
        await using ScriptedServer server = Refuse(method, ScriptedResponse.Json(
            """{"title":"It is not to be.","errorCode":"NotToBe","errorId":"e-17","more":{"x":[1]}}""",
            status,
            "x-amzn-requestid: r-1",
            "x-amzn-trace-id: t-1",
            "Date: Tue, 03 Jun 2025 10:00:00 GMT",
            "Retry-After: 17"));
        using AuthressApi api = TestApi.Connect(server.Url, now: () => new DateTimeOffset(2025, 6, 3, 10, 0, 42, 700, TimeSpan.Zero));

        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));

        Assert.Equal(ApiFailure.Status, error.Failure);
        Assert.Equal(status, error.StatusCode);
        Assert.Equal("It is not to be.", error.Title);
        Assert.Equal("NotToBe", error.ErrorCode);
        Assert.Equal("e-17", error.ErrorId);
        Assert.Equal("r-1", error.RequestId);
        Assert.Equal(method, error.Method);
        Assert.Equal(path, error.Path);
        Assert.Equal(permission, error.RequiredPermission);
        Assert.Equal(TimeSpan.FromSeconds(17), error.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(42), error.ClockSkew);
        Assert.Equal(method != "GET" && status is 408 or >= 500, error.OutcomeUnknown);
        // Three waits of 17 seconds are within the minute that a request may wait.
        bool triedAgain = status == 429 || (method != "POST" && status is 408 or 500 or 502 or 503 or 504);
        Assert.Equal(triedAgain ? 4 : status == 401 ? 2 : 1, server.Requests.Count(request => request.Method == method));
        Assert.Equal(error.Attempts, server.Requests.Count(request => request.Method == method));
        Assert.Equal(["r-1"], error.ResponseHeaders!["X-Amzn-RequestId"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"title\":")]
    [InlineData("{\"title\":7,\"errorCode\":{},\"errorId\":[]}")]
    [InlineData("{\"title\":null}")]
    [InlineData("<html><h1>502 Bad Gateway</h1></html>")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"title\":\"\\ud800\"}")]
    [InlineData("upstream connect error or disconnect/reset before headers")]
    public async Task An_error_without_a_usable_body_keeps_its_status(string body)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body, 502, "x-span-id: s-1"));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.Status, 502, "s-1"), (error.Failure, error.StatusCode, error.RequestId));
        Assert.Equal((null, null, null), (error.Title, error.ErrorCode, error.ErrorId));
        Assert.Null(error.RetryAfter);
    }

    [Theory]
    [InlineData("""{"title":"T"}""", "T", null, null)]
    [InlineData("""{"errorCode":"C"}""", null, "C", null)]
    [InlineData("""{"errorId":"I"}""", null, null, "I")]
    public async Task Each_member_of_an_error_may_be_missing(string body, string? title, string? code, string? id)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body, 400));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((title, code, id), (error.Title, error.ErrorCode, error.ErrorId));
    }

    [Fact]
    public async Task An_error_with_a_huge_body_is_that_error_and_the_body_is_not_read()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("*", "*", new OversizedFault { Status = 503 }, times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ListServiceClientsAsync(null, null, default));
        Assert.Equal((ApiFailure.Status, 503), (error.Failure, error.StatusCode));
        Assert.True(error.ToString().Length < 10_000);
    }

    [Fact]
    public async Task An_error_with_a_huge_member_is_that_error_and_its_text_stays_short()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json($$"""{"title":"{{new string('x', 1_000_000)}}"}""", 400));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.Status, 400), (error.Failure, error.StatusCode));
        Assert.True(error.ToString().Length < 100_000);
    }

    [Fact]
    public async Task An_error_whose_body_breaks_off_is_still_that_error()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.CutShort("""{"title":"half""", status: 404));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.Status, 404), (error.Failure, error.StatusCode));
    }

    [Theory]
    [InlineData("Retry-After: 0", 0.0)]
    [InlineData("Retry-After: 120", 120.0)]
    [InlineData("Retry-After: Tue, 03 Jun 2025 10:01:30 GMT", 90.0)]
    [InlineData("Retry-After: Tue, 03 Jun 2025 09:59:00 GMT", 0.0)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: -5", null)]
    [InlineData("Retry-After: 1.5", null)]
    [InlineData("Retry-After: 99999999999999", null)]
    [InlineData("X-Nothing: 1", null)]
    public async Task How_long_to_wait_is_read_from_seconds_and_by_the_servers_clock_from_a_date(string header, double? seconds)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(429, "Date: Tue, 03 Jun 2025 10:00:00 GMT", header));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal(seconds, error.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(2.4, 0)]
    [InlineData(-1.4, 0)]
    [InlineData(2.6, 2)]
    [InlineData(-3.0, -3)]
    [InlineData(600.7, 600)]
    public async Task A_clock_that_may_be_right_is_not_called_wrong(double ahead, int skew)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(404, "Date: Tue, 03 Jun 2025 10:00:00 GMT"));
        using AuthressApi api = TestApi.Connect(server.Url, now: () => new DateTimeOffset(2025, 6, 3, 10, 0, 0, TimeSpan.Zero).AddSeconds(ahead));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal(TimeSpan.FromSeconds(skew), error.ClockSkew);
    }

    [Fact]
    public async Task A_retry_date_is_compared_with_this_clock_if_the_server_sends_no_date()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503, "Retry-After: Tue, 03 Jun 2025 10:01:30 GMT"));
        using AuthressApi api = TestApi.Connect(server.Url, now: () => new DateTimeOffset(2025, 6, 3, 10, 1, 0, TimeSpan.Zero));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal(TimeSpan.FromSeconds(30), error.RetryAfter);
        Assert.Null(error.ClockSkew);
    }

    [Theory]
    [InlineData("a", "b", "c", "a")]
    [InlineData(null, "b", "c", "b")]
    [InlineData(null, null, "c", "c")]
    [InlineData(null, null, null, null)]
    public async Task The_request_id_is_taken_from_the_first_header_that_has_one(string? requestId, string? traceId, string? spanId, string? expected)
    {
        string[] headers =
        [
            .. new[] { ("x-span-id", spanId), ("X-Amzn-Trace-Id", traceId), ("x-amzn-RequestId", requestId) }
                .Where(header => header.Item2 is not null).Select(header => $"{header.Item1}: {header.Item2}"),
        ];
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(404, headers));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal(expected, (await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default))).RequestId);
    }

    [Theory]
    [MemberData(nameof(OperationNames))]
    public async Task The_emulator_refuses_another_client_as_in_the_contract(string operation)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string stranger = session.Server.SeedClient();
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, session.Server.IssueAccessKey(stranger));
        session.Server.SeedClient("{}", "sc_a");
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Operations[operation].Call(api));
        Assert.Equal(operation is "list" or "create" or "probe" ? 403 : 404, error.StatusCode);
        Assert.NotNull(error.ErrorCode);
        Assert.NotNull(error.ErrorId);
        Assert.NotNull(error.RequestId);
        Assert.False(error.OutcomeUnknown);
        Assert.NotNull(session.Server.FindClient("sc_a"));
    }

    [Fact]
    public async Task A_missing_object_is_a_404()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        AuthressApi api = session.Api;
        Func<Task>[] calls =
        [
            () => api.GetServiceClientAsync("sc_nobody", default),
            () => api.UpdateServiceClientAsync("sc_nobody", new ServiceClientChange { Name = new("x") }, default),
            () => api.DeleteServiceClientAsync("sc_nobody", default),
            () => api.CreateAccessKeyAsync("sc_nobody", default),
            () => api.DeleteAccessKeyAsync("sc_nobody", "k", default),
            () => api.DeleteAccessKeyAsync(session.Server.AdminClientId, "nokey", default),
        ];
        foreach (Func<Task> call in calls)
            Assert.Equal((ApiFailure.Status, 404), await FailureAsync(call));
        Assert.DoesNotContain(session.Sent, sent => sent.StartsWith("PUT", StringComparison.Ordinal));
    }

    private static async Task<(ApiFailure, int?)> FailureAsync(Func<Task> call)
    {
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(call);
        return (error.Failure, error.StatusCode);
    }

    // An update first reads, and the read must succeed for the update to be refused.
    private static ScriptedServer Refuse(string method, ScriptedResponse refusal) => ScriptedServer.Start(request =>
        request.Method == method ? refusal : ScriptedResponse.Json("""{"clientId":"sc_a","name":"a"}"""));
}
