using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Authress.Emulator;

namespace Authress.Client.Tests.Emulator;

public class AccessKeyTests
{
    [Fact]
    public async Task Creates_a_key_that_signs_and_shows_its_secret_once()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string admin = session.Server.AdminClientId;
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{admin}/access-keys");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        string accessKey = made.Text("accessKey")!;
        string clientSecret = made.Text("clientSecret")!;
        Assert.True(clientSecret.Length >= 32);
        Assert.NotEqual(accessKey, clientSecret);
        Assert.Equal(admin, made.Text("clientId"));
        string[] parts = accessKey.Split('.');
        Assert.Equal([admin, made.Text("keyId")!, session.Server.AccountId], parts[..3]);
        Assert.Matches("^[A-Za-z0-9]{4,6}$", parts[1]);
        byte[] privateKey = Convert.FromBase64String(parts[3]);
        Assert.Equal(48, privateKey.Length);
        Assert.StartsWith("MC4CAQAwBQYDK2VwBCIE", parts[3], StringComparison.Ordinal);
        Assert.Equal(TokenForge.PublicKeyOf(privateKey[^32..]), made.Text("publicKey"));

        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", new TokenForge(accessKey).Token(session.Server.ApiUrl))).Status);
        string shown = (await session.GetAsync($"/v1/clients/{admin}")).Body;
        Assert.Contains(made.Text("publicKey")!, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(parts[3], shown, StringComparison.Ordinal);
        Assert.DoesNotContain(clientSecret, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Allows_five_keys_and_another_after_a_deletion()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string keys = $"/v1/clients/{session.Server.SeedClient()}/access-keys";
        string? last = null;
        for (int count = 0; count < 5; count++)
            last = (await session.PostAsync(keys)).Text("keyId");

        EmulatorResponse sixth = await session.PostAsync(keys);
        Assert.Equal(HttpStatusCode.BadRequest, sixth.Status);
        Assert.Equal("AccessKeyLimitReached", sixth.Text("errorCode"));

        Assert.Equal(HttpStatusCode.NoContent, (await session.DeleteAsync($"{keys}/{last}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync($"{keys}/{last}")).Status);
        Assert.Equal(HttpStatusCode.Created, (await session.PostAsync(keys)).Status);
    }

    [Fact]
    public async Task Registers_an_imported_key_once_and_without_a_secret()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string admin = session.Server.AdminClientId;
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        string body = new JsonObject { ["publicKey"] = TokenForge.PublicKeyOf(seed) }.ToJsonString();

        EmulatorResponse adopted = await session.PostAsync($"/v1/clients/{admin}/access-keys", body);
        Assert.Equal(HttpStatusCode.Created, adopted.Status);
        Assert.Null(adopted.Json["accessKey"]);
        Assert.Null(adopted.Json["clientSecret"]);
        TokenForge own = new(admin, adopted.Text("keyId")!, session.Server.AccountId, seed);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", own.Token(session.Server.ApiUrl))).Status);

        Assert.Equal(HttpStatusCode.Conflict, (await session.PostAsync($"/v1/clients/{admin}/access-keys", body)).Status);
        Assert.Equal(2, session.Server.FindClient(admin)!.Keys.Count);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"\"")]
    [InlineData("\"not base64\"")]
    [InlineData("\"MCowBQYDK2VwAyEA\"")]
    [InlineData("\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"")]
    public async Task Refuses_an_invalid_imported_key(string publicKey)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        EmulatorResponse response = await session.PostAsync($"/v1/clients/{id}/access-keys", $$"""{"publicKey":{{publicKey}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.Status);
        Assert.Empty(session.Server.FindClient(id)!.Keys);
    }

    [Fact]
    public async Task Names_the_client_in_every_key_it_shows()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{id}/access-keys");
        JsonNode client = (await session.GetAsync($"/v1/clients/{id}")).Json;
        JsonNode listed = (await session.GetAsync("/v1/clients")).Json["clients"]!.AsArray().Single(one => one!["clientId"]!.GetValue<string>() == id)!;
        JsonNode updated = (await session.PutAsync($"/v1/clients/{id}", "{}")).Json;
        Assert.All(
            (JsonNode[])[made.Json, .. new[] { client, listed, updated }.Select(shown => Assert.Single(shown["verificationKeys"]!.AsArray())!)],
            key => Assert.Equal((id, made.Text("keyId")), (key["clientId"]!.GetValue<string>(), key["keyId"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Limits_new_keys_by_client_and_hour()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock, KeysPerHour = 2 });
        string id = session.Server.SeedClient();
        async Task<HttpStatusCode> CreateAsync(string? client = null, string? body = null) =>
            (await session.PostAsync($"/v1/clients/{client ?? id}/access-keys", body)).Status;

        string own = new JsonObject { ["publicKey"] = TokenForge.PublicKeyOf(RandomNumberGenerator.GetBytes(32)) }.ToJsonString();
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(body: own));
        // What makes no key counts for nothing.
        Assert.Equal(HttpStatusCode.Conflict, await CreateAsync(body: own));
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(body: """{"publicKey":"none"}"""));
        clock.Now += TimeSpan.FromMinutes(30);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync());

        EmulatorResponse third = await session.PostAsync($"/v1/clients/{id}/access-keys");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.Status);
        Assert.Equal("AccessKeyRateLimited", third.Text("errorCode"));
        Assert.Equal(2, session.Server.FindClient(id)!.Keys.Count);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(session.Server.SeedClient()));
        // A deleted key was created all the same.
        await session.DeleteAsync($"/v1/clients/{id}/access-keys/{session.Server.FindClient(id)!.Keys[0].KeyId}");
        Assert.Equal(HttpStatusCode.TooManyRequests, await CreateAsync());

        clock.Now += TimeSpan.FromMinutes(30);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, await CreateAsync());
        await session.Server.ResetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(session.Server.AdminClientId));
    }

    [Fact]
    public async Task Creates_keys_that_work_only_after_the_delay()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock, KeyDelay = TimeSpan.FromMinutes(5) });
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{session.Server.AdminClientId}/access-keys");
        TokenForge key = new(made.Text("accessKey")!);
        Task<EmulatorResponse> UseAsync() => session.GetAsync("/v1/clients", key.Token(session.Server.ApiUrl, now: clock.Now));

        clock.Now += TimeSpan.FromSeconds(299);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync()).Status);
        // A key that no request created, the administrator's for one, works at once.
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients")).Status);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.OK, (await UseAsync()).Status);
    }

    [Fact]
    public async Task Publishes_keys_after_the_lag_of_the_set()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock, KeySetLag = TimeSpan.FromMinutes(5) });
        string id = session.Server.SeedClient();
        string old = session.Server.IssueAccessKey(id).Split('.')[1];
        async Task<IEnumerable<string>> PublishedAsync() =>
            (await session.GetAsync($"/v1/clients/{id}/.well-known/openid-configuration/jwks", token: "")).Json["keys"]!.AsArray().Select(key => key!["kid"]!.GetValue<string>());

        string added = (await session.PostAsync($"/v1/clients/{id}/access-keys")).Text("keyId")!;
        string brief = (await session.PostAsync($"/v1/clients/{id}/access-keys")).Text("keyId")!;
        await session.DeleteAsync($"/v1/clients/{id}/access-keys/{brief}");
        await session.DeleteAsync($"/v1/clients/{id}/access-keys/{old}");
        Assert.Equal([old], await PublishedAsync());
        clock.Now += TimeSpan.FromSeconds(299);
        Assert.Equal([old], await PublishedAsync());
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal([added], await PublishedAsync());
    }

    [Fact]
    public async Task Responds_with_404_for_keys_of_a_client_that_does_not_exist()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await session.PostAsync("/v1/clients/nobody/access-keys")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync("/v1/clients/nobody/access-keys/k")).Status);
    }

    [Fact]
    public async Task Publishes_the_keys_of_a_client_without_a_token()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        string[] key = session.Server.IssueAccessKey(id).Split('.');
        session.Server.IssueAccessKey(id);
        string issuer = $"/v1/clients/{id}";

        JsonNode configuration = (await session.GetAsync($"{issuer}/.well-known/openid-configuration", token: "")).Json;
        string keySet = configuration["jwks_uri"]!.GetValue<string>();
        Assert.Equal(2, (await session.GetAsync(keySet, token: "")).Json["keys"]!.AsArray().Count);

        JsonNode one = Assert.Single((await session.GetAsync($"{keySet}?kid={key[1]}", token: "")).Json["keys"]!.AsArray())!;
        Assert.Equal("OKP", one["kty"]!.GetValue<string>());
        Assert.Equal("Ed25519", one["crv"]!.GetValue<string>());
        Assert.Equal("EdDSA", one["alg"]!.GetValue<string>());
        Assert.Equal(key[1], one["kid"]!.GetValue<string>());
        Assert.Equal(Rfc8032.PublicKey(Convert.FromBase64String(key[3]).AsSpan(^32..)), Base64Url.DecodeFromChars(one["x"]!.GetValue<string>()));
    }
}
