using System.IO.Compression;
using System.Text;
using Authress.Client.ServiceClients;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>Successes whose bodies can't be used.</summary>
public partial class UnusableResponseTests
{
    private static readonly Dictionary<string, (string Method, Func<AuthressApi, Task> Call)> Operations = new()
    {
        ["list"] = ("GET", api => api.ListServiceClientsAsync(null, null, default)),
        ["retrieve"] = ("GET", api => api.GetServiceClientAsync("sc_a", default)),
        ["create"] = ("POST", api => api.CreateServiceClientAsync(new ServiceClientChange(), default)),
        ["update"] = ("PUT", api => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("b") }, default)),
        ["create key"] = ("POST", api => api.CreateAccessKeyAsync("sc_a", default)),
        ["probe"] = ("GET", api => api.ProbeAsync(default)),
    };

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["nothing"] = "",
        ["null"] = "null",
        ["an array"] = "[]",
        ["a text"] = "\"sc_a\"",
        ["a number"] = "1",
        ["half an object"] = """{"clientId":"sc_a","clients":[{"clientId":"sc_""",
        ["half a letter"] = """{"clientId":"sc_a","clients":[],"keyId":"k","accessKey":"x","name":"\ud800"}""" + "\"",
        ["two objects"] = """{"clientId":"sc_a","clients":[],"keyId":"k","accessKey":"x"}{}""",
        ["a page"] = "<html><body>Sign in</body></html>",
        ["wrong types"] = """{"clients":"none","clientId":42,"name":{},"options":"all","keyId":[],"accessKey":0}""",
    };

    public static TheoryData<string, string> EveryOperationAndBody
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string operation in Operations.Keys)
            {
                foreach (string body in Bodies.Keys)
                    rows.Add(operation, body);
            }

            return rows;
        }
    }

    public static TheoryData<string> OperationNames => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(EveryOperationAndBody))]
    public async Task A_body_of_another_kind_is_an_invalid_response(string operation, string body)
    {
        (string method, Func<AuthressApi, Task> call) = Operations[operation];
        await using ScriptedServer server = Answer(method, ScriptedResponse.Json(Bodies[body], 200, "x-amzn-requestid: r-1"));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));
        Assert.Equal((ApiFailure.InvalidResponse, 200), (error.Failure, error.StatusCode));
        Assert.Equal((method, "r-1", method != "GET"), (error.Method, error.RequestId, error.OutcomeUnknown));
    }

    [Theory]
    [InlineData("list", "{}")]
    [InlineData("list", """{"clients":null}""")]
    [InlineData("list", """{"clients":[null]}""")]
    [InlineData("list", """{"clients":[{"clientId":"sc_a"},null]}""")]
    [InlineData("list", """{"clients":[{"name":"who?"}]}""")]
    [InlineData("list", """{"clients":[{"clientId":""}]}""")]
    [InlineData("retrieve", "{}")]
    [InlineData("retrieve", """{"clientId":null,"name":"a"}""")]
    [InlineData("retrieve", """{"clientId":"sc_other","name":"a"}""")]
    [InlineData("retrieve", """{"clientId":"SC_A","name":"a"}""")]
    [InlineData("retrieve", """{"clients":[]}""")]
    [InlineData("create", "{}")]
    [InlineData("create", """{"clientId":""}""")]
    [InlineData("update", """{"clientId":"sc_other","name":"b"}""")]
    [InlineData("create key", "{}")]
    [InlineData("create key", """{"keyId":"k"}""")]
    [InlineData("create key", """{"keyId":"","accessKey":"x"}""")]
    [InlineData("create key", """{"accessKey":"x"}""")]
    [InlineData("create key", """{"keyId":"k","accessKey":""}""")]
    public async Task An_object_without_its_id_is_an_invalid_response(string operation, string body)
    {
        (string method, Func<AuthressApi, Task> call) = Operations[operation];
        await using ScriptedServer server = Answer(method, ScriptedResponse.Json(body));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));
        Assert.Equal((ApiFailure.InvalidResponse, 200, method != "GET"), (error.Failure, error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task Another_client_than_the_requested_one_is_never_written_back()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clientId":"sc_other","name":"a"}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        await Assert.ThrowsAsync<AuthressApiException>(() => Operations["update"].Call(api));
        Assert.Equal("GET", Assert.Single(server.Requests).Method);
    }

    [Fact]
    public async Task A_secret_that_is_too_long_to_be_one_is_an_invalid_response()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json($$"""{"keyId":"k","accessKey":"{{new string('x', 100_000)}}"}""", 201));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
        Assert.Equal((ApiFailure.InvalidResponse, true), (error.Failure, error.OutcomeUnknown));
    }

    [Theory]
    [InlineData("""{"clientId":"sc_a","verificationKeys":[null,{"keyId":"k"},{}]}""")]
    [InlineData("""{"clientId":"sc_a","rateLimits":[null],"tags":null,"options":null,"createdTime":null,"verificationKeys":null}""")]
    [InlineData("""{"clientId":"sc_a","rateLimits":[{}],"tags":{"a":null},"options":{"grantTokenGeneration":null},"createdTime":"yesterday"}""")]
    [InlineData("\ufeff{\"clientId\":\"sc_a\"}")]
    public async Task A_client_with_missing_members_is_shown_with_the_rest(string body)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body));
        using AuthressApi api = TestApi.Connect(server.Url);
        ServiceClient client = await api.GetServiceClientAsync("sc_a", default);
        Assert.Equal("sc_a", client.ClientId);
        Assert.False(client.GrantTokenGeneration);
        Assert.Null(client.RateLimit);
        Assert.Null(client.CreatedTime);
        Assert.DoesNotContain(client.AccessKey ?? new AccessKeyList([]), key => key.KeyId.Length == 0);
    }

    [Theory]
    [MemberData(nameof(OperationNames))]
    public async Task A_response_that_breaks_off_is_a_failed_connection(string operation)
    {
        (string method, Func<AuthressApi, Task> call) = Operations[operation];
        await using ScriptedServer server = Answer(method, ScriptedResponse.CutShort("""{"clientId":"sc_a","clients":["""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));
        Assert.Equal((ApiFailure.ConnectionFailed, method != "GET"), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(method == "POST" ? 1 : 6, server.Requests.Count(request => request.Method == method));
    }

    [Theory]
    [InlineData(false, ApiFailure.ConnectionFailed)]
    [InlineData(true, ApiFailure.InvalidResponse)]
    public async Task A_truncated_listing_is_an_error(bool complete, ApiFailure expected)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(10);
        session.Server.AddFault("GET", "/v1/clients", new TruncateFault { Complete = complete }, times: 0);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ListServiceClientsAsync(null, null, default));
        Assert.Equal(expected, error.Failure);
    }

    [Theory]
    [MemberData(nameof(OperationNames))]
    public async Task A_response_with_too_large_a_content_length_is_not_read(string operation)
    {
        (string method, Func<AuthressApi, Task> call) = Operations[operation];
        // The body never arrives: reading it would end in a time-out.
        ScriptedResponse announced = ScriptedResponse.Of(200, "{"u8.ToArray(), "Content-Length: 1000001") with { Then = Ending.Hang };
        await using ScriptedServer server = Answer(method, announced);
        using AuthressApi api = TestApi.Connect(server.Url, maximumResponseBytes: 1_000_000);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => call(api));
        Assert.Equal((ApiFailure.ResponseTooLarge, 200, method != "GET"), (error.Failure, error.StatusCode, error.OutcomeUnknown));
    }

    [Fact]
    public async Task An_endless_response_is_cancelled_at_the_limit()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("GET", "/v1/clients", new OversizedFault { Megabytes = 64 });
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ListServiceClientsAsync(null, null, default));
        Assert.Equal((ApiFailure.ResponseTooLarge, 200), (error.Failure, error.StatusCode));
        Assert.Single((await session.Api.ListServiceClientsAsync(null, null, default)).Clients);
    }

    [Fact]
    public async Task A_response_at_the_limit_is_read_and_one_byte_more_is_not()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"clientId":"sc_a","name":"{{new string('x', 50_000)}}"}""");
        await using ScriptedServer server = ScriptedServer.Start(Unannounced(body));
        using (AuthressApi exact = TestApi.Connect(server.Url, maximumResponseBytes: body.Length))
            Assert.Equal(50_000, (await exact.GetServiceClientAsync("sc_a", default)).Name!.Length);
        using AuthressApi tight = TestApi.Connect(server.Url, maximumResponseBytes: body.Length - 1);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => tight.GetServiceClientAsync("sc_a", default));
        Assert.Equal(ApiFailure.ResponseTooLarge, error.Failure);
    }

    [Fact]
    public Task A_small_gzip_response_that_expands_to_a_huge_one_is_refused() =>
        IsRefusedAsync("gzip", packed => new GZipStream(packed, CompressionLevel.Optimal));

    [Fact]
    public async Task A_response_with_a_content_length_and_a_byte_order_mark_is_read()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{"clientId":"sc_a","name":"a"}"""u8];
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Of(200, body));
        using AuthressApi api = TestApi.Connect(server.Url);
        Assert.Equal("a", (await api.GetServiceClientAsync("sc_a", default)).Name);
    }

    [Fact]
    public async Task The_body_of_a_deletion_does_not_matter()
    {
        await using ScriptedServer server = ScriptedServer.Start(Unannounced("this is not JSON"u8.ToArray()));
        using AuthressApi api = TestApi.Connect(server.Url);
        await api.DeleteServiceClientAsync("sc_a", default);
        await api.DeleteAccessKeyAsync("sc_a", "k", default);
        Assert.Equal(["DELETE", "DELETE"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task An_HTML_page_does_not_confirm_a_deletion()
    {
        // A proxy, such as a network's sign-in page, returns success for any request.
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Html());
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException thrown = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal(ApiFailure.InvalidResponse, thrown.Failure);
        Assert.True(thrown.OutcomeUnknown);
    }

    private static ScriptedResponse Unannounced(byte[] body) =>
        new([.. "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8, .. body], Ending.Close);

    private static async Task IsRefusedAsync(string encoding, Func<Stream, Stream> packing)
    {
        byte[] bomb = Pack(packing, 64 * 1024 * 1024);
        Assert.True(bomb.Length < 1_000_000);

        // The response never ends: reading it all, compressed or not, would end in a time-out.
        await using ScriptedServer server = ScriptedServer.Start(request =>
            ScriptedResponse.Of(request.Method == "GET" ? 200 : 500, bomb, $"Content-Encoding: {encoding}", $"Content-Length: {bomb.Length + 1}") with { Then = Ending.Hang });
        using AuthressApi api = TestApi.Connect(server.Url, maximumResponseBytes: 1_000_000);

        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.GetServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.InvalidResponse, 200), (error.Failure, error.StatusCode));
        AuthressApiException refusal = await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.Status, 500), (refusal.Failure, refusal.StatusCode));
    }

    private static byte[] Pack(Func<Stream, Stream> packing, int length)
    {
        using MemoryStream packed = new();
        using (Stream pack = packing(packed))
        {
            byte[] letters = new byte[64 * 1024];
            letters.AsSpan().Fill((byte)'a');
            pack.Write("{\"clientId\":\"sc_a\",\"name\":\""u8);
            for (int written = 0; written < length; written += letters.Length)
                pack.Write(letters, 0, letters.Length);
            pack.Write("\"}"u8);
        }

        return packed.ToArray();
    }

    private static ScriptedServer Answer(string method, ScriptedResponse answer) => ScriptedServer.Start(request =>
        request.Method == method ? answer : ScriptedResponse.Json("""{"clientId":"sc_a","name":"a"}"""));
}
