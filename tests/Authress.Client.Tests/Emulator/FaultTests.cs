using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.Emulator.ServiceClients;

namespace Authress.Client.Tests.Emulator;

public class FaultTests
{
    [Theory]
    [InlineData(FaultBody.Json, "application/links+json")]
    [InlineData(FaultBody.Html, "text/html")]
    [InlineData(FaultBody.Empty, null)]
    public async Task Responds_with_a_status_and_does_not_act(FaultBody body, string? mediaType)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("POST", "/v1/clients", new StatusFault(503) { Body = body });

        EmulatorResponse response = await session.PostAsync("/v1/clients", "{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.Status);
        Assert.Equal(mediaType, response.ContentHeaders.ContentType?.MediaType);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Single(session.Server.Clients);
        Assert.Equal("status", session.Server.Requests[0].Fault);
        Assert.Equal(503, session.Server.Requests[0].Status);
    }

    [Fact]
    public async Task Acts_and_responds_with_a_status_when_the_fault_requests_it()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("POST", "/v1/clients", new StatusFault(500) { Act = true });
        Assert.Equal(HttpStatusCode.InternalServerError, (await session.PostAsync("/v1/clients", "{}")).Status);
        Assert.Equal(2, session.Server.Clients.Count);
    }

    [Fact]
    public async Task Asks_to_retry_after_seconds_or_at_a_date()
    {
        SettableClock clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock });
        session.Server.AddFault("*", "*", new StatusFault(429) { RetryAfter = "2" });
        session.Server.AddFault("*", "*", new StatusFault(429) { RetryAfter = "date:+2" });
        session.Server.AddFault("*", "*", new StatusFault(429) { RetryAfter = "Wed, 01 Jan 2031 00:00:00 GMT" });

        Assert.Equal(TimeSpan.FromSeconds(2), (await session.GetAsync("/v1/clients")).Headers.RetryAfter!.Delta);
        Assert.Equal(clock.Now.AddSeconds(2), (await session.GetAsync("/v1/clients")).Headers.RetryAfter!.Date);
        Assert.Equal(clock.Now.AddYears(1), (await session.GetAsync("/v1/clients")).Headers.RetryAfter!.Date);
    }

    [Theory]
    [InlineData("drop", 1)]
    [InlineData("actThenDrop", 2)]
    [InlineData("truncate", 2)]
    public async Task Cuts_the_connection(string kind, int clientsAfterwards)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        await AddAsync(session, $$"""{"method":"POST","path":"/v1/clients","fault":"{{kind}}"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => session.PostAsync("/v1/clients", "{}"));
        Assert.Equal(clientsAfterwards, session.Server.Clients.Count);
    }

    [Fact]
    public async Task Acts_after_the_connection_was_cut()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("POST", "/v1/clients", new DropThenActFault(1500));
        await Assert.ThrowsAsync<HttpRequestException>(() => session.PostAsync("/v1/clients", "{}"));
        Assert.Single(session.Server.Clients);
        await EventuallyAsync(() => session.Server.Clients.Count == 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Acts_on_a_delayed_request_although_the_caller_disconnected(bool afterActing)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("POST", "/v1/clients", new DelayFault(1000) { AfterActing = afterActing });
        using HttpClient impatient = new() { BaseAddress = session.Server.ApiUrl, Timeout = TimeSpan.FromMilliseconds(150) };
        impatient.DefaultRequestHeaders.Authorization = new("Bearer", session.Token);
        using StringContent body = new("{}");
        await Assert.ThrowsAsync<TaskCanceledException>(() => impatient.PostAsync("/v1/clients", body, TestContext.Current.CancellationToken));
        await EventuallyAsync(() => session.Server.Clients.Count == 2);
    }

    [Theory]
    [InlineData("{\"kind\":\"delay\",\"milliseconds\":200}")]
    [InlineData("{\"kind\":\"delay\",\"milliseconds\":200,\"afterActing\":true}")]
    [InlineData("{\"kind\":\"stall\",\"milliseconds\":200}")]
    public async Task Delays_its_response(string fault)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        await AddAsync(session, $$"""{"fault":{{fault}}}""");
        Stopwatch watch = Stopwatch.StartNew();
        EmulatorResponse response = await session.GetAsync("/v1/clients");
        Assert.True(watch.ElapsedMilliseconds >= 190);
        Assert.Equal(HttpStatusCode.OK, response.Status);
        Assert.Single(response.Json["clients"]!.AsArray());
    }

    [Fact]
    public async Task Sends_half_of_the_JSON_as_if_it_were_all()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("GET", "*", new TruncateFault { Complete = true });
        EmulatorResponse response = await session.GetAsync("/v1/clients");
        Assert.Equal(HttpStatusCode.OK, response.Status);
        Assert.ThrowsAny<JsonException>(() => response.Json);
    }

    [Fact]
    public async Task Responds_with_a_page_a_wrong_model_nothing_or_a_304()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        await AddAsync(session, """[{"fault":"html"},{"fault":"malformed"},{"fault":"empty"},{"fault":"notModified"}]""");
        EmulatorResponse page = await session.GetAsync("/v1/clients");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.ContentHeaders.ContentType!.MediaType));
        EmulatorResponse malformed = await session.PostAsync("/v1/clients", "{}");
        Assert.Equal(HttpStatusCode.Created, malformed.Status);
        Assert.Equal(JsonValueKind.Number, malformed.Json["clientId"]!.GetValueKind());
        Assert.Equal(2, session.Server.Clients.Count);
        EmulatorResponse empty = await session.PostAsync("/v1/clients", "{}");
        Assert.Equal((HttpStatusCode.Created, ""), (empty.Status, empty.Body));
        Assert.Equal(3, session.Server.Clients.Count);
        Assert.Equal(HttpStatusCode.NotModified, (await session.GetAsync("/v1/clients")).Status);
    }

    [Fact]
    public async Task Redirects_without_acting()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("DELETE", "*", new RedirectFault("https://elsewhere.example/x") { Status = 307 });
        string id = session.Server.SeedClient();
        EmulatorResponse response = await session.DeleteAsync($"/v1/clients/{id}");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.Status);
        Assert.Equal("https://elsewhere.example/x", response.Headers.Location!.OriginalString);
        Assert.NotNull(session.Server.FindClient(id));
    }

    [Fact]
    public async Task Sends_an_oversized_response()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("GET", "*", new OversizedFault { Megabytes = 3 });
        EmulatorResponse response = await session.GetAsync("/v1/clients");
        Assert.InRange(response.Body.Length, 3 * 1024 * 1024, 4 * 1024 * 1024);
        Assert.NotNull(response.Json["clients"]);
    }

    [Fact]
    public async Task Repeats_a_cursor()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.SeedClients(10);
        session.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        string first = (await session.GetAsync("/v1/clients?limit=4")).Json["pagination"]!["next"]!["cursor"]!.GetValue<string>();
        for (int page = 0; page < 3; page++)
        {
            JsonNode listing = (await session.GetAsync($"/v1/clients?limit=4&cursor={Uri.EscapeDataString(first)}")).Json;
            Assert.Equal(first, listing["pagination"]!["next"]!["cursor"]!.GetValue<string>());
            Assert.Contains(Uri.EscapeDataString(first), listing["links"]!["next"]!["href"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reads_the_state_before_the_last_change()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"old"}""");
        session.Server.AddFault("GET", "*", new StaleReadFault(), times: 2);
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"/v1/clients/{id}")).Status);
        await session.PutAsync($"/v1/clients/{id}", """{"name":"new"}""");
        Assert.Equal("old", (await session.GetAsync($"/v1/clients/{id}")).Text("name"));
        Assert.Equal("new", (await session.GetAsync($"/v1/clients/{id}")).Text("name"));
    }

    [Fact]
    public async Task Makes_a_key_that_works_only_after_so_many_requests()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("POST", "*/access-keys", new KeyNotYetUsableFault { Requests = 2 });
        string token = await TokenOfNewKeyAsync(session);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);
    }

    [Fact]
    public async Task Makes_a_key_that_works_only_after_a_while()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock });
        session.Server.AddFault("POST", "*/access-keys", new KeyNotYetUsableFault { Seconds = 300 });
        string token = await TokenOfNewKeyAsync(session);
        clock.Now += TimeSpan.FromSeconds(299);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("derUrl")]
    [InlineData("raw")]
    [InlineData("rawUrl")]
    [InlineData("hex")]
    [InlineData("jwk")]
    [InlineData("openSsh")]
    [InlineData("omitted")]
    public async Task Shows_public_keys_in_another_form(string form)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddLegacyRsaKey(id);
        await AddAsync(session, $$$"""{"times":0,"fault":{"kind":"publicKeyForm","form":"{{{form}}}"}}""");
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        string sent = TokenForge.PublicKeyOf(seed);

        EmulatorResponse made = await session.PostAsync($"/v1/clients/{id}/access-keys", new JsonObject { ["publicKey"] = sent }.ToJsonString());
        JsonNode client = (await session.GetAsync($"/v1/clients/{id}")).Json;
        JsonNode listed = (await session.GetAsync("/v1/clients")).Json["clients"]!.AsArray().Single(one => one!["clientId"]!.GetValue<string>() == id)!;

        Assert.Equal(HttpStatusCode.Created, made.Status);
        IReadOnlyList<VerificationKeySnapshot> stored = session.Server.FindClient(id)!.Keys;
        Assert.Equal(sent, stored[1].PublicKey);
        foreach (JsonNode shown in new[] { made.Json, client["verificationKeys"]![1]!, listed["verificationKeys"]![1]! })
        {
            Assert.True(shown.AsObject().ContainsKey("publicKey"));
            string? text = shown["publicKey"]?.GetValue<string>();
            Assert.NotEqual(sent, text);
            byte[] raw = Rfc8032.PublicKey(seed);
            byte[]? read = form switch
            {
                "pem" => Convert.FromBase64String(string.Concat(text!.Split('\n')[1..^1]))[^32..],
                "derUrl" or "rawUrl" => Base64Url.DecodeFromChars(text)[^32..],
                "raw" => Convert.FromBase64String(text!),
                "hex" => Convert.FromHexString(text!),
                "jwk" => Base64Url.DecodeFromChars(JsonNode.Parse(text!)!["x"]!.GetValue<string>()),
                "openSsh" => Convert.FromBase64String(text!.Split(' ')[1])[^32..],
                _ => text is null ? raw : null,
            };
            Assert.Equal(raw, read);
        }

        // An RSA key has none of these forms.
        Assert.Equal(stored[0].PublicKey, client["verificationKeys"]![0]!["publicKey"]!.GetValue<string>());
    }

    [Fact]
    public async Task Applies_a_rule_to_the_requests_that_it_names_and_as_often_as_it_says()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        await AddAsync(session, """{"method":"put","path":"/v1/clients/*","times":2,"skip":1,"fault":{"status":500}}""");
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync($"/v1/clients/{id}")).Status);
        HttpStatusCode[] statuses = [.. await Each(4, () => session.PutAsync($"/v1/clients/{id}", "{}"))];
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK], statuses);
        Assert.Empty(session.Server.Faults);

        session.Server.AddFault("*", "*", new StatusFault(500), times: -1);
        Assert.All(await Each(5, () => session.GetAsync("/v1/clients")), status => Assert.Equal(HttpStatusCode.InternalServerError, status));
        Assert.Equal("""[{"method":"*","path":"*","times":-1,"skip":0,"fault":{"kind":"status","status":500,"body":"json","act":false}}]""", (await session.GetAsync("/_emulator/faults")).Body);
        Assert.Equal(HttpStatusCode.NoContent, (await session.DeleteAsync("/_emulator/faults")).Status);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"fault\":\"nonsense\"}")]
    [InlineData("{\"fault\":{}}")]
    [InlineData("{\"fault\":{\"kind\":\"status\"}}")]
    [InlineData("{\"fault\":{\"kind\":\"drop\",\"misspelt\":1}}")]
    [InlineData("{\"falt\":\"drop\"}")]
    [InlineData("{\"fault\":\"publicKeyForm\"}")]
    [InlineData("{\"fault\":{\"kind\":\"publicKeyForm\",\"form\":\"unheardOf\"}}")]
    [InlineData("{\"fault\":null}")]
    [InlineData("[null]")]
    public async Task Refuses_an_invalid_rule(string rule)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await session.PostAsync("/_emulator/faults", rule)).Status);
        Assert.Empty(session.Server.Faults);
    }

    [Fact]
    public async Task Uses_the_fault_source_if_no_rule_matches()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.FaultSource = (method, path) => method == "GET" && path == "/v1/clients" ? new StatusFault(502) : null;
        Assert.Equal(HttpStatusCode.BadGateway, (await session.GetAsync("/v1/clients")).Status);
        Assert.Equal(HttpStatusCode.Created, (await session.PostAsync("/v1/clients", "{}")).Status);
    }

    private static async Task<string> TokenOfNewKeyAsync(EmulatorSession session)
    {
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{session.Server.AdminClientId}/access-keys");
        return new TokenForge(made.Text("accessKey")!).Token(session.Server.ApiUrl);
    }

    private static async Task AddAsync(EmulatorSession session, string rule) =>
        Assert.Equal(HttpStatusCode.Created, (await session.PostAsync("/_emulator/faults", rule, token: "")).Status);

    private static async Task<List<HttpStatusCode>> Each(int times, Func<Task<EmulatorResponse>> send)
    {
        List<HttpStatusCode> statuses = [];
        for (int count = 0; count < times; count++)
            statuses.Add((await send()).Status);
        return statuses;
    }

    /// <summary>For what happens on the emulator's side after the connection is gone: no response shows when.</summary>
    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
