using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Authress.Client.Tests.Emulator;

public class AccessKeyTests
{
    [Fact]
    public async Task Makes_a_key_that_signs_and_shows_its_secret_once()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string admin = session.Server.AdminClientId;
        EmulatorResponse made = await session.PostAsync($"/v1/clients/{admin}/access-keys");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        string accessKey = made.Text("accessKey")!;
        Assert.Equal(accessKey, made.Text("clientSecret"));
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
    }

    [Fact]
    public async Task Allows_five_keys_and_a_deleted_one_makes_room()
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
    public async Task Adopts_a_brought_key_without_a_secret_and_not_twice()
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
    public async Task Refuses_a_brought_key_that_is_none(string publicKey)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        EmulatorResponse response = await session.PostAsync($"/v1/clients/{id}/access-keys", $$"""{"publicKey":{{publicKey}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.Status);
        Assert.Empty(session.Server.FindClient(id)!.Keys);
    }

    [Fact]
    public async Task Responds_with_404_for_keys_of_a_client_that_does_not_exist()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await session.PostAsync("/v1/clients/nobody/access-keys")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await session.DeleteAsync("/v1/clients/nobody/access-keys/k")).Status);
    }

    [Fact]
    public async Task Publishes_the_keys_of_a_client_to_anybody()
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
