using System.Net;
using System.Text.Json.Nodes;
using Authress.Client.AccessKeys;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>Pairs that are generated here: Authress gets the public half alone, and nothing is made twice.</summary>
public class LocalKeyTests
{
    public static TheoryData<string> Failures => UnknownKeyTests.Failures;

    [Fact]
    public async Task Only_the_public_half_is_sent_and_the_key_works()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        GeneratedKeyPair pair = GeneratedKeyPair.Generate();
        using IssuedAccessKey key = await CreateAsync(session, id, pair);

        AccessKeyCredential credential = AccessKeyCredential.Parse(key.AccessKey!);
        string stored = Assert.Single(session.Server.FindClient(id)!.Keys).KeyId;
        Assert.Equal((id, stored, session.Server.AccountId, pair.PublicKey), (credential.ClientId, credential.KeyId, credential.AccountId, credential.PublicKey));
        Assert.Equal((id, stored, pair.PublicKey, null), (key.ClientId, key.KeyId, key.PublicKey, key.ClientSecret));
        Assert.NotNull(key.GenerationDate);
        Assert.True(key.AccessKey!.IsReadOnly());
        Assert.Equal(new JsonObject { ["publicKey"] = pair.PublicKey }.ToJsonString(), JsonNode.Parse(session.LastRequest.Body)!.ToJsonString());
        Assert.Single(session.Sent);
        Assert.True(await WorksAsync(session, key));
    }

    [Fact]
    public async Task The_text_has_the_form_of_the_keys_that_Authress_makes()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        using IssuedAccessKey key = await CreateAsync(session, id, GeneratedKeyPair.Generate());
        string[] made = Reveal(key).Split('.');
        string[] issued = session.Server.IssueAccessKey(id).Split('.');
        Assert.Equal([issued[0], issued[2]], [made[0], made[2]]);
        Assert.Equal(Convert.FromBase64String(issued[3])[..16], Convert.FromBase64String(made[3])[..16]);
        Assert.Equal(issued[3].Length, made[3].Length);
    }

    [Fact]
    public void No_two_pairs_are_the_same() =>
        Assert.Equal(50, Enumerable.Range(0, 50).Select(_ => GeneratedKeyPair.Generate().PublicKey).Distinct().Count());

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_pair_is_adopted_after_a_lost_response_and_works(string failure)
    {
        await using ApiSession session = await UnknownKeyTests.SessionAsync(failure);
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        session.Server.AddFault("POST", "*", UnknownKeyTests.Acting(failure));
        using IssuedAccessKey key = await CreateAsync(session, id, GeneratedKeyPair.Generate());
        Assert.Equal(2, session.Server.FindClient(id)!.Keys.Count);
        Assert.Equal(session.Server.FindClient(id)!.Keys[1].KeyId, key.KeyId);
        Assert.Equal(["POST", "GET"], session.Server.Requests.Select(request => request.Method));
        Assert.True(await WorksAsync(session, key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_pair_that_shows_late_is_adopted_late(int staleReads)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        session.Server.AddFault("GET", $"/v1/clients/{id}", new StaleReadFault(), times: staleReads);
        using IssuedAccessKey key = await CreateAsync(session, id, GeneratedKeyPair.Generate());
        Assert.Single(session.Server.FindClient(id)!.Keys);
        Assert.Single(session.Server.Requests, request => request.Method == "POST");
        Assert.True(await WorksAsync(session, key));
    }

    [Fact]
    public async Task A_pair_is_adopted_from_the_public_key_set_where_the_client_never_shows_it()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        session.Server.AddFault("GET", $"/v1/clients/{id}", new StaleReadFault(), times: 0);
        using IssuedAccessKey key = await CreateAsync(session, id, GeneratedKeyPair.Generate());
        Assert.Equal(Assert.Single(session.Server.FindClient(id)!.Keys).KeyId, key.KeyId);
        Assert.True(await WorksAsync(session, key));
    }

    [Fact]
    public async Task A_pair_that_does_not_show_is_named_by_its_public_half_and_found_by_it_once_it_lands()
    {
        // The waits of the search are skipped, so the request lands after it.
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new DropFault());
        GeneratedKeyPair pair = GeneratedKeyPair.Generate();
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => CreateAsync(session, id, pair));
        Assert.Equal((true, pair.PublicKey, id, 1), (error.OutcomeUnknown, error.PublicKey, error.ClientId, error.Attempts));
        Assert.Empty(session.Server.FindClient(id)!.Keys);

        using IssuedAccessKey late = await session.Api.CreateAccessKeyAsync(id, pair.PublicKey, default);
        AccessKey found = Assert.Single((await session.Api.GetServiceClientAsync(id, default)).AccessKey!, key => PublicKeyText.Same(error.PublicKey!, key.PublicKey));
        Assert.Equal(late.KeyId, found.KeyId);
    }

    [Fact]
    public async Task A_sixth_pair_is_refused_and_not_in_doubt()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        for (int i = 0; i < 5; i++)
            session.Server.IssueAccessKey(id);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => CreateAsync(session, id, GeneratedKeyPair.Generate()));
        Assert.Equal((false, null), (error.OutcomeUnknown, error.PublicKey));
        Assert.Equal(5, session.Server.FindClient(id)!.Keys.Count);
    }

    [Theory]
    [InlineData("sc.a", "acc-tests")]
    [InlineData("sc_a", "acc.tests")]
    [InlineData("sc_a", "")]
    [InlineData("", "acc-tests")]
    [InlineData("..", "acc-tests")]
    [InlineData("a\u202e", "acc-tests")]
    [InlineData("a b", "acc-tests")]
    [InlineData("'a", "acc-tests")]
    [InlineData("a=b", "acc-tests")]
    [InlineData("Bearer", "acc-tests")]
    public async Task An_id_that_can_not_be_part_of_a_key_is_refused_before_a_pair_is_made(string clientId, string accountId)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(500));
        using AuthressApi api = TestApi.Connect(server.Url);
        await Assert.ThrowsAsync<ArgumentException>(() => api.CreateAccessKeyAsync(clientId, accountId, NoPair, default));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("""{"keyId":"a.b"}""", "[]")]
    [InlineData("{}", """[{"keyId":"a.b","publicKey":"{p}"}]""")]
    [InlineData("""{"keyId":"a.\u001b[2J"}""", "[]")]
    [InlineData("""{"keyId":" "}""", "[]")]
    [InlineData("""{"keyId":"a\u202e"}""", "[]")]
    [InlineData("""{"keyId":"a b"}""", "[]")]
    public async Task A_key_id_that_can_not_be_part_of_a_key_leaves_the_public_half_to_find_it_by(string made, string listed)
    {
        GeneratedKeyPair pair = GeneratedKeyPair.Generate();
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Json(made, 201)
            : ScriptedResponse.Json($$"""{"clientId":"sc_a","verificationKeys":{{listed.Replace("{p}", pair.PublicKey, StringComparison.Ordinal)}}}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", TestApi.AccountId, () => pair, default));
        Assert.Equal((ApiFailure.InvalidResponse, true, pair.PublicKey, "sc_a"), (error.Failure, error.OutcomeUnknown, error.PublicKey, error.ClientId));
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Single(server.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task No_pair_is_made_where_nothing_may_be_sent()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(500));
        using AuthressApi reading = TestApi.Connect(server.Url).WithAccessKey(AccessKeyCredential.Parse(TestApi.NewAccessKey()));
        Assert.Equal(ApiFailure.ReadOnlyConnection, (await Assert.ThrowsAsync<AuthressApiException>(() => reading.CreateAccessKeyAsync("sc_a", "acc", NoPair, default))).Failure);

        using AuthressApi api = TestApi.Connect(server.Url);
        using CancellationTokenSource stopping = new();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.ForInvocation(_ => { }, _ => { }, stopping.Token).CreateAccessKeyAsync("sc_a", "acc", NoPair, default));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_signed_token_has_the_lifetime_that_was_asked_for_and_sends_nothing()
    {
        SettableClock clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, 700, TimeSpan.Zero));
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Clock = clock });
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey, now: () => clock.Now);
        foreach (TimeSpan lifetime in new[] { TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromHours(24) })
        {
            using AccessToken token = api.SignToken(lifetime);
            string text = new NetworkCredential("", token.Token).Password;
            JsonNode claims = JsonNode.Parse(Base64Text.Decode(text.Split('.')[1]))!;
            Assert.Equal(session.Server.AdminKeyId, JsonNode.Parse(Base64Text.Decode(text.Split('.')[0]))!["kid"]!.GetValue<string>());
            Assert.Equal(clock.Now.ToUnixTimeSeconds(), claims["iat"]!.GetValue<long>());
            Assert.Equal(clock.Now.ToUnixTimeSeconds() + (long)lifetime.TotalSeconds, claims["exp"]!.GetValue<long>());
            Assert.Equal(claims["exp"]!.GetValue<long>(), token.ExpirationDate.ToUnixTimeSeconds());
            Assert.Equal((0, session.Server.AdminClientId, session.Server.AdminKeyId), (token.ExpirationDate.Millisecond, token.ClientId, token.KeyId));
        }

        Assert.Empty(session.Sent);
    }

    [Fact]
    public async Task The_emulator_takes_a_signed_token_until_it_expires()
    {
        SettableClock clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Clock = clock });
        using AuthressApi signer = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey, now: () => clock.Now);
        using AccessToken token = signer.SignToken(TimeSpan.FromHours(1));
        using AuthressApi api = TestApi.ConnectWithToken(session.Server.ApiUrl, new NetworkCredential("", token.Token).Password);
        clock.Now += TimeSpan.FromMinutes(59);
        await api.ProbeAsync(default);
        clock.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(401, (await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default))).StatusCode);
    }

    private static GeneratedKeyPair NoPair() => throw new InvalidOperationException("A pair was generated.");

    private static Task<IssuedAccessKey> CreateAsync(ApiSession session, string clientId, GeneratedKeyPair pair) =>
        session.Api.CreateAccessKeyAsync(clientId, session.Server.AccountId, () => pair, default);

    private static string Reveal(IssuedAccessKey key) => new NetworkCredential("", key.AccessKey).Password;

    private static async Task<bool> WorksAsync(ApiSession session, IssuedAccessKey key)
    {
        using AuthressApi api = session.Api.WithAccessKey(AccessKeyCredential.Parse(key.AccessKey!));
        AccessKeyProof proof = await api.ProveAccessKeyAsync(null, TimeSpan.Zero, default);
        return proof is { Works: true, IsRegistered: true };
    }
}
