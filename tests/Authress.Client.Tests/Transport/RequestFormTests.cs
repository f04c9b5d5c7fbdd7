using System.Text.Json.Nodes;
using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.Transport;

/// <summary>What stands on the wire: the contract's requests and nothing else.</summary>
public class RequestFormTests
{
    private const string Client = """{"clientId":"sc_a","name":"a","options":{"grantUserPermissionsAccess":false,"grantTokenGeneration":false}}""";

    private static readonly Dictionary<string, Func<AuthressApi, Task>> Operations = new()
    {
        ["list"] = api => api.ListServiceClientsAsync(null, null, default),
        ["list page"] = api => api.ListServiceClientsAsync(7, "c+/= &?#%ü", default),
        ["retrieve"] = api => api.GetServiceClientAsync("sc_a", default),
        ["create"] = api => api.CreateServiceClientAsync(new ServiceClientChange { Name = new("a") }, default),
        ["update"] = api => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("b") }, default),
        ["delete"] = api => api.DeleteServiceClientAsync("sc_a", default),
        ["create key"] = api => api.CreateAccessKeyAsync("sc_a", default),
        ["delete key"] = api => api.DeleteAccessKeyAsync("sc_a", "k2", default),
        ["probe"] = api => api.ProbeAsync(default),
    };

    public static TheoryData<string> OperationNames => [.. Operations.Keys];

    [Theory]
    [InlineData("list", "GET", "/v1/clients")]
    [InlineData("retrieve", "GET", "/v1/clients/sc_a")]
    [InlineData("create", "POST", "/v1/clients")]
    [InlineData("update", "PUT", "/v1/clients/sc_a")]
    [InlineData("delete", "DELETE", "/v1/clients/sc_a")]
    [InlineData("create key", "POST", "/v1/clients/sc_a/access-keys")]
    [InlineData("delete key", "DELETE", "/v1/clients/sc_a/access-keys/k2")]
    [InlineData("probe", "GET", "/v1/clients?limit=1")]
    public async Task Every_operation_sends_the_request_of_the_contract(string operation, string method, string target)
    {
        ScriptedRequest request = (await RunAsync(operation))[^1];
        Assert.Equal((method, target), (request.Method, request.Target));
    }

    [Fact]
    public async Task Any_cursor_is_sent_as_given()
    {
        ScriptedRequest request = Assert.Single(await RunAsync("list page"));
        string[] path = request.Target.Split('?');
        Assert.Equal("/v1/clients", path[0]);
        Dictionary<string, string> query = path[1].Split('&').Select(pair => pair.Split('=')).ToDictionary(
            pair => pair[0], pair => System.Net.WebUtility.UrlDecode(pair[1]));
        Assert.Equal(new Dictionary<string, string> { ["limit"] = "7", ["cursor"] = "c+/= &?#%ü" }, query);
    }

    [Theory]
    [MemberData(nameof(OperationNames))]
    public async Task Every_request_carries_the_headers_of_the_contract_once(string operation)
    {
        foreach (ScriptedRequest request in await RunAsync(operation))
        {
            Assert.Equal(["application/links+json"], request.Headers["Accept"]);
            Assert.Equal(["no-cache"], request.Headers["Cache-Control"]);
            Assert.Equal([$"Authress SDK; PowerShell; {AuthressApiOptions.Version}; tests 1.0"], request.Headers["User-Agent"]);
            Assert.Matches(@"^Bearer [\w-]+\.[\w-]+\.[\w-]+$", Assert.Single(request.Headers["Authorization"]));
            Assert.Empty(request.Headers["Expect"]);
            Assert.Empty(request.Headers["Cookie"]);
            Assert.Empty(request.Headers["Accept-Encoding"]);
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("create key")]
    public async Task A_body_is_JSON_and_is_sent_as_such(string operation)
    {
        ScriptedRequest request = (await RunAsync(operation))[^1];
        Assert.Equal(["application/json"], request.Headers["Content-Type"]);
        Assert.IsType<JsonObject>(JsonNode.Parse(request.Body));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("retrieve")]
    [InlineData("delete")]
    [InlineData("delete key")]
    public async Task A_request_without_a_body_has_none(string operation)
    {
        ScriptedRequest request = Assert.Single(await RunAsync(operation));
        Assert.Equal("", request.Body);
        Assert.Empty(request.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_new_access_key_is_requested_with_an_empty_object() =>
        Assert.Equal("{}", Assert.Single(await RunAsync("create key")).Body);

    [Fact]
    public async Task A_new_client_is_sent_with_the_given_fields_alone()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(Client, 201));
        using AuthressApi api = TestApi.Connect(server.Url);
        await api.CreateServiceClientAsync(new ServiceClientChange(), default);
        await api.CreateServiceClientAsync(new ServiceClientChange { GrantTokenGeneration = new(true) }, default);
        await api.CreateServiceClientAsync(
            new ServiceClientChange
            {
                Name = new("näme \"x\" 😀"),
                Tag = new(TagMap.Parse("env=prod;team=a")),
                GrantUserPermissionsAccess = new(true),
                GrantTokenGeneration = new(false),
                RateLimit = new(RateLimit.Parse("PT5M:1000")),
            },
            default);

        Assert.Equal("{}", server.Requests[0].Body);
        JsonNode partly = JsonNode.Parse(server.Requests[1].Body)!;
        Assert.True(partly["options"]!["grantTokenGeneration"]!.GetValue<bool>());
        Assert.Equal(["options"], partly.AsObject().Select(member => member.Key));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"name":"näme \"x\" 😀","tags":{"env":"prod","team":"a"},"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":false},"rateLimits":[{"duration":"PT5M","quota":1000}]}"""),
            JsonNode.Parse(server.Requests[2].Body)));
    }

    [Theory]
    [InlineData("session=1; Path=/")]
    [InlineData("s=; Path=/")]
    [InlineData("s=")]
    public async Task No_cookie_is_ever_sent_back(string cookie)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(Client, 200, "Set-Cookie: " + cookie));
        using AuthressApi api = TestApi.Connect(server.Url);
        await api.GetServiceClientAsync("sc_a", default);
        await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Empty(request.Headers["Cookie"]));
    }

    [Fact]
    public async Task One_connection_serves_one_request_after_another()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(Client));
        using AuthressApi api = TestApi.Connect(server.Url);
        for (int i = 0; i < 5; i++)
            await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task The_log_has_each_request_and_never_its_query()
    {
        List<Client.Transport.RequestRecord> reported = [];
        await using ScriptedServer server = ScriptedServer.Start(request =>
            request.Method == "GET" ? ScriptedResponse.Json("""{"clients":[]}""", 200, "x-amzn-requestid: r-1") : ScriptedResponse.Empty(404));
        using AuthressApi connection = TestApi.Connect(server.Url);
        AuthressApi api = connection.ForInvocation(reported.Add, _ => { }, CancellationToken.None);
        await api.ListServiceClientsAsync(3, "secret-cursor", default);
        await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal(
            [("GET", "/v1/clients", 200, "r-1"), ("DELETE", "/v1/clients/sc_a", 404, null)],
            reported.Select(record => (record.Method, record.Path, record.StatusCode!.Value, record.RequestId)));
        Assert.All(reported, record => Assert.True(record.Duration > TimeSpan.Zero));
    }

    private static async Task<IReadOnlyList<ScriptedRequest>> RunAsync(string operation)
    {
        await using ScriptedServer server = ScriptedServer.Start(request => (request.Method, request.Segments.Length) switch
        {
            ("GET", 2) => ScriptedResponse.Json("""{"clients":[]}"""),
            ("DELETE", _) => ScriptedResponse.Empty(204),
            ("POST", 4) => ScriptedResponse.Json("""{"keyId":"k2","accessKey":"x"}""", 201),
            _ => ScriptedResponse.Json(Client),
        });
        using AuthressApi api = TestApi.Connect(server.Url);
        await Operations[operation](api);
        return server.Requests;
    }

    [Fact]
    public async Task A_disposed_client_throws_and_sends_nothing()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Api.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.Api.GetServiceClientAsync("sc_a", default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.Api.CreateServiceClientAsync(new ServiceClientChange(), default));
        Assert.Empty(session.Server.Requests);
    }
}
