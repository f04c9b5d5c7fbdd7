using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Emulator;

namespace Authress.Client.Tests.Emulator;

public class TokenTests
{
    private static readonly Dictionary<string, Action<JsonObject, JsonObject>> Forgeries = new()
    {
        ["alg none"] = (header, _) => header["alg"] = "none",
        ["alg HS256"] = (header, _) => header["alg"] = "HS256",
        ["alg RS256"] = (header, _) => header["alg"] = "RS256",
        ["no alg"] = (header, _) => header.Remove("alg"),
        ["typ of a login request"] = (header, _) => header["typ"] = "oauth-authz-req+jwt",
        ["no typ"] = (header, _) => header.Remove("typ"),
        ["unknown kid"] = (header, _) => header["kid"] = "nokey",
        ["no kid"] = (header, _) => header.Remove("kid"),
        ["critical extension"] = (header, _) => header["crit"] = new JsonArray("exp"),
        ["iss of another origin"] = (_, payload) => payload["iss"] = "https://api.example.org/v1/clients/" + payload["sub"],
        ["iss of another client"] = (_, payload) => payload["iss"] = payload["iss"] + "x",
        ["iss with a slash at its end"] = (_, payload) => payload["iss"] = payload["iss"] + "/",
        ["no iss"] = (_, payload) => payload.Remove("iss"),
        ["aud of another account"] = (_, payload) => payload["aud"] = "acc-other.accounts.authress.io",
        ["aud without ours"] = (_, payload) => payload["aud"] = new JsonArray("one", "two"),
        ["no aud"] = (_, payload) => payload.Remove("aud"),
        ["expired"] = (_, payload) => payload["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds(),
        ["exp as text"] = (_, payload) => payload["exp"] = "tomorrow",
        ["no exp"] = (_, payload) => payload.Remove("exp"),
        ["issued in the future"] = (_, payload) => payload["iat"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
        ["no iat"] = (_, payload) => payload.Remove("iat"),
        ["not valid yet"] = (_, payload) => payload["nbf"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
        ["sub of a user"] = (_, payload) => payload["sub"] = "user",
        ["client_id of another"] = (_, payload) => payload["client_id"] = "sc_other",
        ["no client_id"] = (_, payload) => payload.Remove("client_id"),
    };

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task Refuses_a_token_that_is_signed_but_says_something_wrong(string forgery)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        EmulatorResponse response = await session.GetAsync("/v1/clients", session.Admin.Token(session.Server.ApiUrl, Forgeries[forgery]));
        Assert.Equal(HttpStatusCode.Unauthorized, response.Status);
        Assert.NotEmpty(response.Text("title")!);
        Assert.Equal("Unauthorized", response.Text("errorCode"));
        Assert.NotEmpty(response.Text("errorId")!);
    }

    [Fact]
    public async Task Refuses_a_token_signed_by_another_key()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        TokenForge forger = new(session.Admin.ClientId, session.Admin.KeyId, session.Admin.AccountId, RandomNumberGenerator.GetBytes(32));
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", forger.Token(session.Server.ApiUrl))).Status);
    }

    [Fact]
    public async Task Refuses_the_key_of_one_client_for_another()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string[] own = session.Server.IssueAccessKey(session.Server.SeedClient()).Split('.');
        TokenForge forger = new(session.Admin.ClientId, own[1], own[2], Convert.FromBase64String(own[3])[^32..]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", forger.Token(session.Server.ApiUrl))).Status);
    }

    [Fact]
    public async Task Refuses_a_token_whose_payload_was_exchanged()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string[] parts = session.Token.Split('.');
        JsonObject payload = session.Admin.Payload(session.Server.ApiUrl);
        payload["scope"] = "openid profile";
        string changed = $"{parts[0]}.{TokenForge.Encode(payload.ToJsonString())}.{parts[2]}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", changed)).Status);
    }

    [Fact]
    public async Task Refuses_a_token_whose_signature_is_cut_off_or_whose_header_names_a_member_twice()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string twice = session.Admin.Sign(
            session.Admin.Header().ToJsonString().Replace("{", """{"alg":"none",""", StringComparison.Ordinal),
            session.Admin.Payload(session.Server.ApiUrl).ToJsonString());
        string cut = session.Token[..(session.Token.LastIndexOf('.') + 1)];
        foreach (string token in new[] { twice, cut, session.Token + "=", "a.b.c", "..", "x", session.Server.AccessKey })
            Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
    }

    [Fact]
    public async Task Refuses_a_request_without_a_token()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        EmulatorResponse[] responses =
        [
            await session.GetAsync("/v1/clients", token: ""),
            await session.PostAsync("/v1/clients", "{}", token: ""),
            await session.GetAsync($"/v1/clients/{id}", token: ""),
            await session.PutAsync($"/v1/clients/{id}", "{}", token: ""),
            await session.DeleteAsync($"/v1/clients/{id}", token: ""),
            await session.PostAsync($"/v1/clients/{id}/access-keys", token: ""),
            await session.DeleteAsync($"/v1/clients/{id}/access-keys/x", token: ""),
        ];
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Unauthorized, response.Status));
        Assert.NotNull(session.Server.FindClient(id));
    }

    [Fact]
    public async Task Accepts_every_spelling_of_its_own_origin_and_an_audience_among_others()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        int port = session.Server.ApiUrl.Port;
        foreach (string origin in new[] { $"http://127.0.0.1:{port}", $"http://localhost:{port}", $"http://[::1]:{port}", $"https://{session.Admin.AccountId}.api.authress.io" })
        {
            string token = session.Admin.Token(session.Server.ApiUrl, (_, payload) =>
            {
                payload["iss"] = $"{origin}/v1/clients/{session.Admin.ClientId}";
                payload["aud"] = new JsonArray("another", $"{session.Admin.AccountId}.accounts.authress.io");
            });
            Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);
        }
    }

    [Fact]
    public async Task Refuses_the_tokens_of_a_deleted_key_at_once()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        TokenForge second = new(session.Server.IssueAccessKey(session.Admin.ClientId));
        string token = second.Token(session.Server.ApiUrl);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);

        await session.DeleteAsync($"/v1/clients/{second.ClientId}/access-keys/{second.KeyId}");

        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients")).Status);
    }

    [Fact]
    public async Task Refuses_the_tokens_of_a_deleted_client_at_once()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string id = session.Server.SeedClient();
        string token = new TokenForge(session.Server.IssueAccessKey(id)).Token(session.Server.ApiUrl);
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"/v1/clients/{id}", token)).Status);

        await session.DeleteAsync($"/v1/clients/{id}");

        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync($"/v1/clients/{id}", token)).Status);
    }

    [Fact]
    public async Task Refuses_a_token_that_expires_after_it_was_accepted()
    {
        SettableClock clock = new(DateTimeOffset.UtcNow.AddDays(-30));
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock });
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients")).Status);

        clock.Now += TimeSpan.FromHours(25);

        EmulatorResponse late = await session.GetAsync("/v1/clients");
        Assert.Equal(HttpStatusCode.Unauthorized, late.Status);
        Assert.True((clock.Now - late.Headers.Date!.Value).Duration() < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Accepts_a_legacy_key_that_signs_RS256_and_refuses_it_with_EdDSA()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string legacy = session.Server.AddLegacyRsaKey(session.Admin.ClientId);
        Assert.StartsWith("eyJ", legacy, StringComparison.Ordinal);
        JsonNode key = JsonNode.Parse(Convert.FromBase64String(legacy))!;
        using RSA rsa = RSA.Create();
        rsa.ImportFromPem(key["privateKey"]!.GetValue<string>());

        JsonObject payload = session.Admin.Payload(session.Server.ApiUrl);
        string Sign(string algorithm)
        {
            JsonObject header = new() { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = key["keyId"]!.GetValue<string>() };
            string signed = $"{TokenForge.Encode(header.ToJsonString())}.{TokenForge.Encode(payload.ToJsonString())}";
            byte[] signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
        }

        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", Sign("RS256"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", Sign("EdDSA"))).Status);
        EmulatorResponse keys = await session.GetAsync($"/v1/clients/{session.Admin.ClientId}/.well-known/openid-configuration/jwks?kid={key["keyId"]}", token: "");
        Assert.Equal("RSA", keys.Json["keys"]![0]!["kty"]!.GetValue<string>());
    }
}
