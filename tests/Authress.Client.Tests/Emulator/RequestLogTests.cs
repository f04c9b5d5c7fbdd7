using System.Net;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;

namespace Authress.Client.Tests.Emulator;

public class RequestLogTests
{
    [Fact]
    public async Task Lists_the_requests()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        await session.PostAsync("/v1/clients?a=%20b", """{"name":"one"}""");
        await session.GetAsync("/v1/clients/nobody", token: "");
        Assert.Equal(2, (await session.GetAsync("/_emulator/requests")).Json.AsArray().Count);

        IReadOnlyList<RequestRecord> requests = session.Server.Requests;
        Assert.Equal(2, requests.Count);
        RequestRecord first = requests[0];
        Assert.Equal((1, "POST", "/v1/clients?a=%20b", 201), (first.Sequence, first.Method, first.Target, first.Status));
        Assert.Equal((session.Server.AdminClientId, session.Server.AdminKeyId), (first.ClientId, first.KeyId));
        Assert.Equal("""{"name":"one"}""", first.Body);
        Assert.Equal("Bearer", first.AuthorizationScheme);
        Assert.Equal(1, first.InFlight);
        Assert.False(first.SecretsLeftOut);
        Assert.True(first.RespondedAt >= first.ReceivedAt);
        Assert.Equal((401, null, null), (requests[1].Status, requests[1].ClientId, requests[1].AuthorizationScheme));
    }

    [Fact]
    public async Task Leaves_secrets_out_wherever_they_were_sent()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{id}/access-keys");
        string accessKey = made.Text("accessKey")!;
        string clientSecret = made.Text("clientSecret")!;
        string legacy = session.Server.AddLegacyRsaKey(id);
        string privateKey = accessKey.Split('.')[3];
        foreach (string secret in new[] { accessKey, clientSecret, privateKey, session.Token, legacy })
        {
            await session.PostAsync("/v1/clients", $$"""{"name":"{{secret}}"}""");
            await session.PostAsync("/v1/clients", $$"""{"name":"{{secret.Replace("+", "\\u002B", StringComparison.Ordinal)}}"}""");
            await session.GetAsync($"/v1/clients?cursor={Uri.EscapeDataString(secret)}");
            await session.GetAsync($"/v1/clients/{Uri.EscapeDataString(secret)}", token: secret);
        }

        await session.PostAsync("/v1/clients", """{"accessKey":"canary-1","clientSecret" : "canary-2"}""");

        string shown = (await session.GetAsync("/_emulator/requests")).Body;
        foreach (string secret in new[] { privateKey[..40], privateKey[20..60], privateKey[^6..], session.Token.Split('.')[2][..40], legacy[40..80], clientSecret[10..], "canary-1", "canary-2" })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(secret), shown, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\"Authorization\"", shown, StringComparison.OrdinalIgnoreCase);
        Assert.True(session.Server.Requests[^1].SecretsLeftOut);
    }

    [Fact]
    public async Task Drops_the_oldest_beyond_its_capacity()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { RequestLogCapacity = 3 });
        for (int count = 0; count < 5; count++)
            await session.GetAsync("/v1/clients");
        Assert.Equal([3, 4, 5], session.Server.Requests.Select(request => request.Sequence));
    }

    [Fact]
    public async Task Shows_a_request_that_was_dropped_without_a_status()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.AddFault("GET", "*", new DropFault());
        await Assert.ThrowsAsync<HttpRequestException>(() => session.GetAsync("/v1/clients"));
        RequestRecord request = Assert.Single(session.Server.Requests);
        Assert.Equal(("drop", null), (request.Fault, request.Status));
        Assert.NotNull(request.RespondedAt);
    }

    [Fact]
    public async Task Counts_the_requests_in_flight()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(1500) });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => session.GetAsync("/v1/clients")));
        Assert.Equal([1, 2, 3, 4], session.Server.Requests.Select(request => request.InFlight));
    }

    [Fact]
    public async Task A_reset_restores_the_initial_state()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.SeedClients(3);
        await session.PutAsync($"/v1/clients/{session.Server.AdminClientId}", """{"name":"renamed"}""");
        string other = session.Server.IssueAccessKey(session.Server.AdminClientId);
        session.Server.AddFault("*", "*", new StatusFault(500) { RetryAfter = "1" }, times: 0);

        Assert.Equal(HttpStatusCode.NoContent, (await session.PostAsync("/_emulator/reset", token: "")).Status);

        Assert.Empty(session.Server.Requests);
        Assert.Empty(session.Server.Faults);
        Assert.Equal("Emulator administrator", Assert.Single(session.Server.Clients).Name);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", new TokenForge(other).Token(session.Server.ApiUrl))).Status);
    }
}
