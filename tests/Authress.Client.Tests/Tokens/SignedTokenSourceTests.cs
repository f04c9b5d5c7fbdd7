using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Client.AccessKeys;
using Authress.Client.Connections;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;
using Authress.Client.Tokens;

namespace Authress.Client.Tests.Tokens;

/// <summary>The tokens that an access key signs.</summary>
public partial class SignedTokenSourceTests
{
    private static readonly DateTimeOffset Noon = new(2025, 6, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_header_has_the_members_of_the_standard() =>
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"alg":"EdDSA","typ":"at+jwt","kid":"k1"}"""),
            Part(Sign(TestApi.NewAccessKey(), "https://login.example.com"), 0)));

    [Fact]
    public void The_claims_name_the_client_the_audience_and_the_lifetime()
    {
        JsonNode expected = JsonNode.Parse(
            """
            {
              "iss": "https://login.example.com/v1/clients/sc_tests", "sub": "sc_tests", "client_id": "sc_tests",
              "aud": "acc-tests.accounts.authress.io", "iat": 1748952000, "exp": 1749038400, "scope": "openid"
            }
            """)!;
        Assert.True(JsonNode.DeepEquals(expected, Part(Sign(TestApi.NewAccessKey(), "https://login.example.com"), 1)));
    }

    [Fact]
    public void The_parts_are_base64url_without_padding()
    {
        for (int length = 0; length < 4; length++)
        {
            string key = TestApi.NewAccessKey("sc_" + new string('é', length));
            Assert.Matches(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$", Sign(key, "https://login.example.com"));
        }
    }

    [Theory]
    [InlineData("https://authress.io", "https://acc-x.api.authress.io")]
    [InlineData("https://acc-x.api.authress.io", "https://acc-x.api.authress.io")]
    [InlineData("https://acc-other.api.authress.io", "https://acc-x.api.authress.io")]
    [InlineData("https://api.authress.io/", "https://acc-x.api.authress.io")]
    [InlineData("https://API.AUTHRESS.IO", "https://acc-x.api.authress.io")]
    [InlineData("https://authress.io:8443", "https://acc-x.api.authress.io")]
    [InlineData("https://login.example.com", "https://login.example.com")]
    [InlineData("https://login.example.com/", "https://login.example.com")]
    [InlineData("login.example.com", "https://login.example.com")]
    [InlineData("https://login.example.com:8443", "https://login.example.com:8443")]
    [InlineData("https://login.example.com:443", "https://login.example.com")]
    [InlineData("https://notauthress.io", "https://notauthress.io")]
    [InlineData("https://authress.io.example.com", "https://authress.io.example.com")]
    [InlineData("localhost:8888", "http://localhost:8888")]
    [InlineData("http://localhost:8888/", "http://localhost:8888")]
    [InlineData("127.0.0.1:1234", "http://127.0.0.1:1234")]
    [InlineData("[::1]:1234", "http://[::1]:1234")]
    public void The_issuer_is_the_API_URL_unless_the_host_is_Authresss_own(string apiUrl, string origin)
    {
        string issuer = ApiUrl.Issuer(ApiUrl.Parse(apiUrl), "acc-x", "sc_a");
        Assert.Equal(origin + "/v1/clients/sc_a", issuer);
    }

    [Fact]
    public void The_client_in_the_issuer_is_encoded_and_in_the_claims_is_not()
    {
        JsonNode claims = Part(Sign(TestApi.NewAccessKey("a/b?ü"), "https://login.example.com"), 1);
        Assert.Equal("https://login.example.com/v1/clients/a%2Fb%3F%C3%BC", claims["iss"]!.GetValue<string>());
        Assert.Equal("a/b?ü", claims["sub"]!.GetValue<string>());
        Assert.Equal("a/b?ü", claims["client_id"]!.GetValue<string>());
    }

    [Fact]
    public void Another_implementation_makes_the_same_signature()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        string token = Sign(TestApi.AccessKeyOf(TestApi.Pkcs8(seed)), "https://login.example.com");
        Assert.Equal(Rfc8032.Sign(seed, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')])), Base64Url.DecodeFromChars(token.Split('.')[2]));
    }

    [Fact]
    public void A_legacy_key_signs_RS256_for_the_audience_that_it_names()
    {
        using RSA rsa = RSA.Create(2048);
        string token = Sign(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject
            {
                ["audience"] = "acc-older.accounts.authress.io",
                ["clientId"] = "sc_older",
                ["keyId"] = "k9",
                ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem(),
            }.ToJsonString())),
            "https://api.authress.io");
        Assert.Equal("""{"alg":"RS256","kid":"k9","typ":"at+jwt"}""", Part(token, 0).ToJsonString(Relaxed));
        Assert.Equal("acc-older.accounts.authress.io", Part(token, 1)["aud"]!.GetValue<string>());
        Assert.Equal("https://acc-older.api.authress.io/v1/clients/sc_older", Part(token, 1)["iss"]!.GetValue<string>());
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]),
            Base64Url.DecodeFromChars(token.Split('.')[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void The_given_account_is_in_the_issuer()
    {
        AccessKeyCredential key = AccessKeyCredential.Parse(TestApi.NewAccessKey());
        SignedTokenSource token = new(key, new Uri("https://api.authress.io"), "acc-given", () => Noon);
        Assert.Equal("https://acc-given.api.authress.io/v1/clients/sc_tests", Part(token.GetToken(), 1)["iss"]!.GetValue<string>());
    }

    [Fact]
    public void A_token_is_signed_once_and_used_until_less_than_an_hour_is_left()
    {
        DateTimeOffset now = Noon;
        SignedTokenSource tokens = new(AccessKeyCredential.Parse(TestApi.NewAccessKey()), "https://x", () => now);
        string first = tokens.GetToken();

        now = Noon.AddHours(23);
        Assert.Same(first, tokens.GetToken());

        now = Noon.AddHours(23).AddSeconds(1);
        string second = tokens.GetToken();
        Assert.NotEqual(first, second);
        Assert.Equal(now.ToUnixTimeSeconds(), Part(second, 1)["iat"]!.GetValue<long>());
        Assert.Equal(now.AddHours(24).ToUnixTimeSeconds(), Part(second, 1)["exp"]!.GetValue<long>());
        Assert.Same(second, tokens.GetToken());
    }

    [Fact]
    public void A_token_from_the_future_is_replaced_when_the_clock_is_set_back()
    {
        DateTimeOffset now = Noon;
        SignedTokenSource tokens = new(AccessKeyCredential.Parse(TestApi.NewAccessKey()), "https://x", () => now);
        string first = tokens.GetToken();
        now = Noon.AddMinutes(-10);
        Assert.NotEqual(first, tokens.GetToken());
    }

    [Fact]
    public void Only_the_rejected_token_is_discarded()
    {
        DateTimeOffset now = Noon;
        SignedTokenSource tokens = new(AccessKeyCredential.Parse(TestApi.NewAccessKey()), "https://x", () => now);
        string first = tokens.GetToken();
        now = Noon.AddMinutes(1);
        Assert.True(tokens.TryRenew(first));
        string second = tokens.GetToken();
        Assert.NotEqual(first, second);

        now = Noon.AddMinutes(2);
        Assert.True(tokens.TryRenew(first));
        Assert.Same(second, tokens.GetToken());
    }

    [Fact]
    public async Task The_emulator_accepts_both_forms_of_a_key()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        using AuthressApi older = TestApi.Connect(session.Server.ApiUrl, session.Server.AddLegacyRsaKey(session.Server.AdminClientId));
        await session.Api.ProbeAsync(default);
        await older.ProbeAsync(default);
        Assert.Equal([session.Server.AdminClientId, session.Server.AdminClientId], session.Server.Requests.Select(request => request.ClientId));
        Assert.Equal(2, session.Server.Requests.Select(request => request.KeyId).Distinct().Count());
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Sign(string accessKey, string apiUrl)
    {
        AccessKeyCredential key = AccessKeyCredential.Parse(accessKey);
        return new SignedTokenSource(key, ApiUrl.Parse(apiUrl), key.AccountId!, () => Noon).GetToken();
    }

    private static JsonNode Part(string token, int part) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[part]))!;
}
