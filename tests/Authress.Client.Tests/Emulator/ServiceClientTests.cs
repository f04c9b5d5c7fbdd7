using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Emulator.ServiceClients;

namespace Authress.Client.Tests.Emulator;

public class ServiceClientTests
{
    [Fact]
    public async Task Creates_retrieves_and_deletes_a_client()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        EmulatorResponse created = await session.PostAsync(
            "/v1/clients",
            """{"name":"one","options":{"grantTokenGeneration":true},"rateLimits":[{"duration":"PT1H","quota":1000}],"tags":{"env":"test"}}""");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal("application/links+json", created.ContentHeaders.ContentType!.MediaType);
        Assert.True(created.Headers.Contains("x-amzn-requestid"));
        Assert.True(created.Headers.Contains("x-amzn-trace-id"));
        string id = created.Text("clientId")!;
        Assert.Matches("^sc_[A-Za-z0-9]{23}$", id);

        EmulatorResponse retrieved = await session.GetAsync($"/v1/clients/{id}");
        Assert.Equal(HttpStatusCode.OK, retrieved.Status);
        Assert.Equal(created.Body, retrieved.Body);
        ServiceClientSnapshot snapshot = session.Server.FindClient(id)!;
        Assert.Equal("one", snapshot.Name);
        Assert.True(snapshot.GrantTokenGeneration);
        Assert.False(snapshot.GrantUserPermissionsAccess);
        Assert.Equal([new ClientRateLimit("PT1H", 1000)], snapshot.RateLimits);
        Assert.Equal("test", snapshot.Tags["env"]);

        EmulatorResponse deleted = await session.DeleteAsync($"/v1/clients/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Empty(deleted.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"/v1/clients/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync($"/v1/clients/{id}")).Status);
    }

    [Fact]
    public async Task Keeps_unknown_members()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient(
            """{"future":{"deep":[1,null,"x"]},"nothing":null,"options":{"grantMore":7},"rateLimits":[{"duration":"P1D","quota":null,"burst":3}]}""");
        JsonNode client = (await session.GetAsync($"/v1/clients/{id}")).Json;
        Assert.Equal("""{"deep":[1,null,"x"]}""", client["future"]!.ToJsonString());
        Assert.True(client.AsObject().ContainsKey("nothing"));
        Assert.Equal(7, client["options"]!["grantMore"]!.GetValue<int>());
        Assert.Equal(3, client["rateLimits"]![0]!["burst"]!.GetValue<int>());
        Assert.Equal(["future", "nothing"], session.Server.FindClient(id)!.UnknownMembers);
    }

    [Fact]
    public async Task An_update_clears_omitted_fields_and_ignores_read_only_ones()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"one","tags":{"a":"b"},"future":1,"options":{"grantTokenGeneration":true}}""");
        session.Server.IssueAccessKey(id);
        ServiceClientSnapshot before = session.Server.FindClient(id)!;

        EmulatorResponse updated = await session.PutAsync(
            $"/v1/clients/{id}",
            """{"clientId":"sc_other","createdTime":"1999-01-01T00:00:00Z","verificationKeys":[],"links":{},"name":null}""");

        Assert.Equal(HttpStatusCode.OK, updated.Status);
        ServiceClientSnapshot after = session.Server.FindClient(id)!;
        Assert.Equal(before.CreatedTime, after.CreatedTime);
        Assert.Equal(before.Keys, after.Keys);
        Assert.Null(after.Name);
        Assert.Empty(after.Tags);
        Assert.Empty(after.UnknownMembers);
        Assert.False(after.GrantTokenGeneration);
        Assert.Null(session.Server.FindClient("sc_other"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"future\":\"\\ud800\"}")]
    [InlineData("{\"options\":[]}")]
    [InlineData("{\"options\":{\"grantTokenGeneration\":\"true\"}}")]
    [InlineData("{\"options\":{\"grantUserPermissionsAccess\":0}}")]
    [InlineData("{\"tags\":[]}")]
    [InlineData("{\"tags\":{\"a\":1}}")]
    [InlineData("{\"rateLimits\":{}}")]
    [InlineData("{\"rateLimits\":[7]}")]
    [InlineData("{\"rateLimits\":[{\"quota\":100}]}")]
    [InlineData("{\"rateLimits\":[{\"duration\":\"PT2H\",\"quota\":100}]}")]
    [InlineData("{\"rateLimits\":[{\"duration\":\"PT1H\",\"quota\":99}]}")]
    [InlineData("{\"rateLimits\":[{\"duration\":\"PT1H\",\"quota\":1000001}]}")]
    [InlineData("{\"rateLimits\":[{\"duration\":\"PT1H\",\"quota\":100.5}]}")]
    [InlineData("{\"rateLimits\":[{\"duration\":\"PT1H\",\"quota\":100},{\"duration\":\"P1D\",\"quota\":100}]}")]
    public async Task Refuses_a_body_that_breaks_the_contract(string body)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"before"}""");
        foreach (EmulatorResponse response in new[] { await session.PostAsync("/v1/clients", body), await session.PutAsync($"/v1/clients/{id}", body) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.Status);
            Assert.NotEmpty(response.Text("title")!);
            Assert.NotEmpty(response.Text("errorCode")!);
            Assert.NotEmpty(response.Text("errorId")!);
        }

        Assert.Equal(2, session.Server.Clients.Count);
        Assert.Equal("before", session.Server.FindClient(id)!.Name);
    }

    [Theory]
    [InlineData("{\"name\":null,\"options\":null,\"rateLimits\":null,\"tags\":null}")]
    [InlineData("{\"options\":{\"grantUserPermissionsAccess\":null,\"grantTokenGeneration\":null}}")]
    [InlineData("{\"rateLimits\":[]}")]
    public async Task Reads_null_as_not_set(string body)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"before","tags":{"a":"b"},"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""");
        Assert.Equal(HttpStatusCode.OK, (await session.PutAsync($"/v1/clients/{id}", body)).Status);
        EmulatorResponse created = await session.PostAsync("/v1/clients", body);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        foreach (ServiceClientSnapshot client in new[] { session.Server.FindClient(id)!, session.Server.FindClient(created.Text("clientId")!)! })
        {
            Assert.Equal((null, false, false), (client.Name, client.GrantUserPermissionsAccess, client.GrantTokenGeneration));
            Assert.Empty(client.RateLimits);
            Assert.Empty(client.Tags);
        }
    }

    [Theory]
    [InlineData(128, HttpStatusCode.Created)]
    [InlineData(129, HttpStatusCode.BadRequest)]
    public async Task Allows_names_and_tag_values_of_128_characters(int length, HttpStatusCode status)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string text = new('n', length);
        Assert.Equal(status, (await session.PostAsync("/v1/clients", $$"""{"name":"{{text}}"}""")).Status);
        Assert.Equal(status, (await session.PostAsync("/v1/clients", $$$"""{"tags":{"a":"{{{text}}}"}}""")).Status);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("..", "..")]
    [InlineData("..", "%2E%2E")]
    [InlineData("a b#c?d", "a%20b%23c%3Fd")]
    [InlineData("ü\u202e漢", "%C3%BC%E2%80%AE%E6%BC%A2")]
    [InlineData("a+b", "a+b")]
    public async Task Decodes_each_part_of_the_path_exactly_once(string clientId, string inPath)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.SeedClient("""{"name":"found"}""", clientId);
        // By hand: Uri and HttpClient change some of these before they send them.
        string response = await RawAsync(session, $"GET /v1/clients/{inPath} HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 200 ", response, StringComparison.Ordinal);
        Assert.Contains("\"found\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hides_every_client_from_a_client_that_is_not_the_administrator()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        string keyId = session.Server.IssueAccessKey(id).Split('.')[1];
        string token = new TokenForge(session.Server.IssueAccessKey(id)).Token(session.Server.ApiUrl);

        Assert.Equal(HttpStatusCode.Forbidden, (await session.GetAsync("/v1/clients", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await session.PostAsync("/v1/clients", "{}", token)).Status);
        foreach (string target in new[] { id, session.Server.AdminClientId })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"/v1/clients/{target}", token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await session.PutAsync($"/v1/clients/{target}", "{}", token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync($"/v1/clients/{target}", token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await session.PostAsync($"/v1/clients/{target}/access-keys", null, token)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync($"/v1/clients/{target}/access-keys/{keyId}", token)).Status);
        }

        Assert.Equal(2, session.Server.FindClient(id)!.Keys.Count);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/v1/accounts")]
    [InlineData("PATCH", "/v1/clients")]
    [InlineData("GET", "/v1/clients/")]
    [InlineData("GET", "/v1/clients/x/access-keys")]
    [InlineData("GET", "/_emulator/nothing")]
    public async Task Responds_with_404_in_the_form_of_an_error_on_any_other_route(string method, string path)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        EmulatorResponse response = await session.SendAsync(new HttpMethod(method), path, null, null);
        Assert.Equal(HttpStatusCode.NotFound, response.Status);
        Assert.Equal("NotFound", response.Text("errorCode"));
    }

    [Fact]
    public async Task Stays_consistent_under_many_parallel_changes()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, _) =>
        {
            string id = (await session.PostAsync("/v1/clients", $$"""{"name":"{{index}}"}""")).Text("clientId")!;
            await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => session.PostAsync($"/v1/clients/{id}/access-keys")));
            if (index % 2 == 0)
                await session.DeleteAsync($"/v1/clients/{id}");
        });
        IReadOnlyList<ServiceClientSnapshot> left = session.Server.Clients;
        Assert.Equal(201, left.Count);
        Assert.All(left.Skip(1), client => Assert.Equal(5, client.Keys.Count));
        Assert.Equal(400 * 8 + 200, session.Server.Requests.Count);
    }

    private static async Task<string> RawAsync(EmulatorSession session, string requestLine)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", session.Server.ApiUrl.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{requestLine}\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {session.Token}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
