using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Tokens;

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
        ["typ of a proof of possession"] = (header, _) => header["typ"] = "dpop+jwt",
        ["empty typ"] = (header, _) => header["typ"] = "",
        ["typ that is no text"] = (header, _) => header["typ"] = 7,
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
        ["client_id that is no text"] = (_, payload) => payload["client_id"] = 7,
        ["no sub"] = (_, payload) => payload.Remove("sub"),
        ["neither sub nor client_id"] = (_, payload) =>
        {
            payload.Remove("sub");
            payload.Remove("client_id");
        },
        ["aud of a trusted issuer's tokens"] = (_, payload) => payload["aud"] = "https://" + payload["aud"]!.GetValue<string>().Replace(".accounts.", ".api.", StringComparison.Ordinal),
    };

    // What official clients sign, and what else the rules allow.
    private static readonly Dictionary<string, Action<JsonObject, JsonObject>> Variations = new()
    {
        ["typ JWT"] = (header, _) => header["typ"] = "JWT",
        ["typ in lower case"] = (header, _) => header["typ"] = "jwt",
        ["typ as a media type"] = (header, _) => header["typ"] = "application/at+jwt",
        ["no typ"] = (header, _) => header.Remove("typ"),
        ["no client_id"] = (_, payload) => payload.Remove("client_id"),
        ["no scope"] = (_, payload) => payload.Remove("scope"),
        ["typ JWT and no client_id"] = (header, payload) =>
        {
            header["typ"] = "JWT";
            payload.Remove("client_id");
        },
        ["aud in an array"] = (_, payload) => payload["aud"] = new JsonArray(payload["aud"]!.GetValue<string>()),
        ["an exp of a minute"] = (_, payload) => payload["exp"] = payload["iat"]!.GetValue<long>() + 60,
    };

    // What an access key in place of a token says wrong: its client, key, account and private key.
    private static readonly Dictionary<string, Action<string[]>> WrongAccessKeys = new()
    {
        ["another client"] = parts => parts[0] = "sc_other",
        ["another key id"] = parts => parts[1] = "nokey",
        ["another account"] = parts => parts[2] = "acc-other",
        ["another private key"] = parts => parts[3] = Convert.ToBase64String([.. Convert.FromBase64String(parts[3])[..^32], .. RandomNumberGenerator.GetBytes(32)]),
        ["a private key cut short"] = parts => parts[3] = parts[3][..^4],
        ["no private key"] = parts => parts[3] = "",
    };

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    public static TheoryData<string> VariationNames => [.. Variations.Keys];

    public static TheoryData<string> WrongAccessKeyNames => [.. WrongAccessKeys.Keys];

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task Refuses_a_signed_token_with_a_wrong_claim(string forgery)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        EmulatorResponse response = await session.GetAsync("/v1/clients", session.Admin.Token(session.Server.ApiUrl, Forgeries[forgery]));
        Assert.Equal(HttpStatusCode.Unauthorized, response.Status);
        Assert.NotEmpty(response.Text("title")!);
        Assert.Equal("Unauthorized", response.Text("errorCode"));
        Assert.NotEmpty(response.Text("errorId")!);
    }

    [Theory]
    [MemberData(nameof(VariationNames))]
    public async Task Accepts_a_token_as_other_clients_sign_it(string variation)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        EmulatorResponse response = await session.GetAsync("/v1/clients", session.Admin.Token(session.Server.ApiUrl, Variations[variation]));
        Assert.Equal(HttpStatusCode.OK, response.Status);
        Assert.Equal((session.Admin.ClientId, session.Admin.KeyId), (session.Server.Requests[0].ClientId, session.Server.Requests[0].KeyId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Accepts_an_access_key_as_the_bearer_until_the_key_is_deleted(bool legacy)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string admin = session.Server.AdminClientId;
        string accessKey = legacy ? session.Server.AddLegacyRsaKey(admin) : session.Server.IssueAccessKey(admin);
        string keyId = session.Server.FindClient(admin)!.Keys[^1].KeyId;
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", accessKey)).Status);
        Assert.Equal((admin, keyId), (session.Server.Requests[0].ClientId, session.Server.Requests[0].KeyId));

        await session.DeleteAsync($"/v1/clients/{admin}/access-keys/{keyId}");

        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", accessKey)).Status);
    }

    [Theory]
    [MemberData(nameof(WrongAccessKeyNames))]
    public async Task Refuses_an_access_key_with_a_wrong_part(string mistake)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string[] parts = session.Server.AccessKey.Split('.');
        WrongAccessKeys[mistake](parts);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", string.Join('.', parts))).Status);
    }

    [Fact]
    public async Task Refuses_a_legacy_access_key_of_another_account_or_client()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        string legacy = session.Server.AddLegacyRsaKey(session.Admin.ClientId);
        using RSA rsa = RSA.Create(2048);
        foreach ((string member, string value) in new[] { ("audience", "acc-other.accounts.authress.io"), ("clientId", "sc_other"), ("keyId", "nokey"), ("privateKey", rsa.ExportPkcs8PrivateKeyPem()), ("privateKey", "none") })
        {
            JsonNode key = JsonNode.Parse(Convert.FromBase64String(legacy))!;
            key[member] = value;
            string changed = Convert.ToBase64String(Encoding.UTF8.GetBytes(key.ToJsonString()));
            Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", changed)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", legacy)).Status);
    }

    [Fact]
    public async Task Accepts_the_tokens_of_a_trusted_issuer_and_of_no_other()
    {
        const string issuer = "https://token.actions.example.org";
        using RSA rsa = RSA.Create(2048);
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        RSAParameters rsaKey = rsa.ExportParameters(includePrivateParameters: false);
        JsonObject keySet = new()
        {
            ["issuer"] = issuer,
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "RSA", ["kid"] = "r", ["n"] = Base64Url.EncodeToString(rsaKey.Modulus), ["e"] = Base64Url.EncodeToString(rsaKey.Exponent) },
                new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["kid"] = "e", ["x"] = Base64Url.EncodeToString(Rfc8032.PublicKey(seed)) }),
        };
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { TrustedIssuers = [TrustedIssuer.Parse(keySet.ToJsonString())] });
        string audience = $"https://{session.Server.AccountId}.api.authress.io";
        TokenForge builds = new("repo:example/app", "e", session.Server.AccountId, seed);
        string Token(Action<JsonObject, JsonObject>? corrupt = null) => builds.Token(session.Server.ApiUrl, (header, payload) =>
        {
            header["typ"] = "JWT";
            payload["iss"] = issuer;
            payload["aud"] = audience;
            payload.Remove("client_id");
            corrupt?.Invoke(header, payload);
        });
        string signed = $"{TokenForge.Encode("""{"alg":"RS256","typ":"JWT","kid":"r"}""")}.{Token().Split('.')[1]}";
        string rs256 = $"{signed}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        foreach (string token in new[] { Token(), rs256, Token((_, payload) => payload["aud"] = new JsonArray("another", audience)) })
            Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);
        Assert.Equal((session.Server.AdminClientId, null), (session.Server.Requests[0].ClientId, session.Server.Requests[0].KeyId));
        Action<JsonObject, JsonObject>[] forgeries =
        [
            (_, payload) => payload["iss"] = "https://another.example.org",
            (_, payload) => payload["aud"] = $"{session.Server.AccountId}.accounts.authress.io",
            (_, payload) => payload["aud"] = "https://acc-other.api.authress.io",
            (_, payload) => payload["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds(),
            (_, payload) => payload.Remove("exp"),
            (header, _) => header["kid"] = "r",
            (header, _) => header["kid"] = session.Server.AdminKeyId,
            (header, _) => header["alg"] = "none",
            (header, _) => header["typ"] = "oauth-authz-req+jwt",
        ];
        foreach (Action<JsonObject, JsonObject> forgery in forgeries)
            Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", Token(forgery))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"issuer\":\"https://i.example\"}")]
    [InlineData("{\"issuer\":\"https://i.example\",\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\"}]}")]
    [InlineData("{\"issuer\":\"https://i.example\",\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\"}]}")]
    [InlineData("{\"issuer\":\"https://i.example\",\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"AAAA\"}]}")]
    public void Refuses_an_invalid_trusted_issuer(string json) => Assert.Throws<FormatException>(() => TrustedIssuer.Parse(json));

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
    public async Task Refuses_a_token_with_a_replaced_payload()
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
        foreach (string token in new[] { twice, cut, session.Token + "=", "a.b.c", "..", "x", "x.y.z.", "eyJ" })
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

    [Theory]
    [InlineData(60)]
    [InlineData(3600)]
    public async Task Accepts_a_short_lived_token_until_its_exp(int lifetime)
    {
        SettableClock clock = new(DateTimeOffset.UtcNow.AddDays(-30));
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Clock = clock });
        string token = session.Admin.Token(session.Server.ApiUrl, (_, payload) => payload["exp"] = payload["iat"]!.GetValue<long>() + lifetime, clock.Now);
        clock.Now += TimeSpan.FromSeconds(lifetime - 1);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", token)).Status);
        // The clocks may be a minute apart.
        clock.Now += TimeSpan.FromSeconds(61);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", token)).Status);
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
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }

        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/v1/clients", Sign("RS256"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients", Sign("EdDSA"))).Status);
        EmulatorResponse keys = await session.GetAsync($"/v1/clients/{session.Admin.ClientId}/.well-known/openid-configuration/jwks?kid={key["keyId"]}", token: "");
        Assert.Equal("RSA", keys.Json["keys"]![0]!["kty"]!.GetValue<string>());
    }
}
