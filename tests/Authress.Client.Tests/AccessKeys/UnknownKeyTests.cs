using System.Security.Cryptography;
using Authress.Client.AccessKeys;
using Authress.Client.Tests.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>Keys that may have been created: they are searched for, and never requested twice.</summary>
public class UnknownKeyTests
{
    private static readonly PublicKeyForm[] Readable =
        [PublicKeyForm.Pem, PublicKeyForm.DerUrl, PublicKeyForm.Raw, PublicKeyForm.RawUrl, PublicKeyForm.Jwk, PublicKeyForm.OpenSsh];

    public static TheoryData<PublicKeyForm> ReadableForms => [.. Readable];

    public static TheoryData<PublicKeyForm> AllForms => [.. Readable, PublicKeyForm.Hex, PublicKeyForm.Omitted];

    public static TheoryData<string> Failures => ["dropped", "500", "408", "an empty answer", "an answer of other types", "cut short", "timed out"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_key_of_our_own_is_found_by_its_bytes_and_adopted(string failure)
    {
        await using ApiSession session = await SessionAsync(failure);
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        string publicKey = NewPublicKey();
        session.Server.AddFault("POST", "*", Acting(failure));

        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, publicKey, default);

        Assert.Equal(2, session.Server.FindClient(id)!.Keys.Count);
        Assert.Equal((id, session.Server.FindClient(id)!.Keys[1].KeyId, publicKey), (key.ClientId, key.KeyId, key.PublicKey));
        Assert.Null(key.AccessKey);
        Assert.Null(key.ClientSecret);
        Assert.NotNull(key.GenerationDate);
        Assert.Equal(["POST", "GET"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_key_of_our_own_is_made_with_nothing_but_its_public_half()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        string publicKey = NewPublicKey();
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, publicKey, default);
        Assert.Equal($$"""{"publicKey":"{{publicKey}}"}""", session.LastRequest.Body.Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal((publicKey, null, null), (key.PublicKey, key.AccessKey, key.ClientSecret));
        Assert.Single(session.Sent);
    }

    [Theory]
    [MemberData(nameof(PublicKeyForms.Names), MemberType = typeof(PublicKeyForms))]
    public async Task A_public_key_in_another_form_is_sent_in_the_one_that_the_API_takes(string form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        string der = NewPublicKey();
        string other = PublicKeyForms.Write(form, Convert.FromBase64String(der)[^32..]);
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, other, default);
        Assert.Equal(der, Assert.Single(session.Server.FindClient(id)!.Keys).PublicKey);
        Assert.True(PublicKeyText.Same(other, der));
        Assert.Equal(der, key.PublicKey);
    }

    [Theory]
    [InlineData("DER")]
    [InlineData("raw")]
    [InlineData("PEM")]
    [InlineData("OpenSSH line")]
    public void A_public_key_that_looks_like_the_start_of_a_token_is_still_one(string form)
    {
        // One key in some ten thousand.
        byte[] key;
        do
            key = Curve();
        while (!PublicKeyForms.Write(form, key).Split('@')[0].Contains("eyJ", StringComparison.Ordinal) || !Redaction.Finds(PublicKeyForms.Write(form, key)));
        Assert.Equal(Convert.ToBase64String(key), Convert.ToBase64String(Convert.FromBase64String(PublicKeyText.ToDer(PublicKeyForms.Write(form, key)))[^32..]));
    }

    [Theory]
    [MemberData(nameof(ReadableForms))]
    public async Task Keys_are_listed_in_one_form_whatever_form_the_API_shows_them_in(PublicKeyForm form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        session.Server.AddLegacyRsaKey(id);
        session.Server.AddFault("*", "*", new PublicKeyFormFault(form), times: 0);
        IEnumerable<string?> stored = session.Server.FindClient(id)!.Keys.Select(key => key.PublicKey);
        Assert.Equal(stored, (await session.Api.GetServiceClientAsync(id, default)).AccessKey!.Select(key => key.PublicKey));
        Assert.Equal(stored, (await session.Api.ListServiceClientsAsync(null, null, default)).Clients.Single(client => client.ClientId == id).AccessKey!.Select(key => key.PublicKey));
        using IssuedAccessKey generated = await session.Api.CreateAccessKeyAsync(id, default);
        Assert.Equal(session.Server.FindClient(id)!.Keys[^1].PublicKey, generated.PublicKey);
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public async Task A_key_of_our_own_is_registered_whatever_form_it_is_echoed_in(PublicKeyForm form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        string publicKey = NewPublicKey();
        session.Server.AddFault("*", "*", new PublicKeyFormFault(form), times: 0);
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, publicKey, default);
        Assert.Equal((Assert.Single(session.Server.FindClient(id)!.Keys).KeyId, publicKey), (key.KeyId, key.PublicKey));
        Assert.Single(session.Sent);
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public async Task A_key_of_our_own_is_adopted_after_a_lost_response_whatever_form_it_is_shown_in(PublicKeyForm form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        string publicKey = NewPublicKey();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        session.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, publicKey, default);
        Assert.Equal((session.Server.FindClient(id)!.Keys[1].KeyId, publicKey), (key.KeyId, key.PublicKey));
        // Where the client shows no bytes, its public key set does, at once.
        Assert.Equal(form is PublicKeyForm.Hex or PublicKeyForm.Omitted ? 3 : 2, session.Server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(PublicKeyForms.NamesOfNotKeys), MemberType = typeof(PublicKeyForms))]
    public async Task A_text_that_is_not_a_public_key_is_not_sent_and_equals_none(string form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string der = NewPublicKey();
        string publicKey = PublicKeyForms.WriteNotKey(form, Convert.FromBase64String(der)[^32..]);
        await Assert.ThrowsAsync<ArgumentException>(() => session.Api.CreateAccessKeyAsync("sc_a", publicKey, default));
        Assert.Empty(session.Server.Requests);
        Assert.False(PublicKeyText.Same(der, publicKey));
        Assert.False(PublicKeyText.Same(publicKey, der));
    }

    [Fact]
    public async Task A_key_is_found_whatever_form_it_comes_back_in()
    {
        string publicKey = NewPublicKey();
        string echoed = Convert.ToBase64String(Convert.FromBase64String(publicKey)[^32..]).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Empty(500)
            : ScriptedResponse.Json($$"""{"clientId":"sc_a","verificationKeys":[{"keyId":"other","publicKey":"{{NewPublicKey()}}"},{"keyId":"mine","publicKey":"{{echoed}}"}]}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        using IssuedAccessKey key = await api.CreateAccessKeyAsync("sc_a", publicKey, default);
        Assert.Equal("mine", key.KeyId);
    }

    [Fact]
    public async Task A_response_with_another_public_key_is_not_accepted()
    {
        string publicKey = NewPublicKey();
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Json($$"""{"keyId":"other","publicKey":"{{NewPublicKey()}}"}""", 201)
            : ScriptedResponse.Json("""{"clientId":"sc_a","verificationKeys":[]}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", publicKey, default));
        Assert.Equal((ApiFailure.InvalidResponse, true, publicKey), (error.Failure, error.OutcomeUnknown, error.PublicKey));
    }

    [Fact]
    public async Task A_key_of_our_own_that_shows_late_is_found_late()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        session.Server.AddFault("GET", "*", new StaleReadFault(), times: 3);
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, NewPublicKey(), default);
        Assert.Equal(Assert.Single(session.Server.FindClient(id)!.Keys).KeyId, key.KeyId);
        Assert.Equal(["POST", "GET", "GET", "GET", "GET"], session.Server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_key_is_found_in_the_public_key_set_where_the_client_cannot_be_read_and_no_token_goes_there()
    {
        string publicKey = NewPublicKey();
        string bytes = Convert.ToBase64String(Convert.FromBase64String(publicKey)[^32..]).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using ScriptedServer server = ScriptedServer.Start(request => request switch
        {
            { Method: "POST" } => ScriptedResponse.Dropped,
            _ when request.Target.EndsWith("/jwks", StringComparison.Ordinal) => ScriptedResponse.Json($$"""{"keys":[null,{"kid":"rsa","n":"x"},{"kid":"mine","kty":"OKP","crv":"Ed25519","x":"{{bytes}}"}]}"""),
            _ => ScriptedResponse.Empty(403),
        });
        using AuthressApi api = TestApi.Connect(server.Url);
        using IssuedAccessKey key = await api.CreateAccessKeyAsync("sc_a/b", publicKey, default);
        Assert.Equal(("sc_a/b", "mine", publicKey), (key.ClientId, key.KeyId, key.PublicKey));
        ScriptedRequest open = server.Requests[^1];
        Assert.Equal("/v1/clients/sc_a%2Fb/.well-known/openid-configuration/jwks", open.Target);
        Assert.Empty(open.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_key_is_found_in_the_emulators_public_key_set()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        session.Server.AddFault("GET", $"/v1/clients/{id}", new StatusFault(403), times: 0);
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, NewPublicKey(), default);
        Assert.Equal(Assert.Single(session.Server.FindClient(id)!.Keys).KeyId, key.KeyId);
    }

    [Fact]
    public async Task A_key_of_our_own_that_does_not_show_is_named_by_its_public_half_after_a_bounded_search()
    {
        TestTime time = new();
        await using ApiSession session = await ApiSession.StartAsync(time: time);
        string id = session.Server.SeedClient();
        string publicKey = NewPublicKey();
        session.Server.AddFault("POST", "*", new DropFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, publicKey, default));
        Assert.Equal((true, publicKey, 1), (error.OutcomeUnknown, error.PublicKey, error.Attempts));
        Assert.Single(session.Server.Requests, request => request.Method == "POST");
        Assert.Equal(6, session.Sent.Count(sent => sent == $"GET /v1/clients/{id}"));
        Assert.Equal(8, session.Server.Requests.Count);
        Assert.InRange(time.Waits.Sum(wait => wait.TotalSeconds), 5, 10);
    }

    [Fact]
    public async Task Nothing_is_searched_if_the_request_was_not_carried_out()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new StatusFault(403), times: 0);
        Assert.Null((await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, NewPublicKey(), default))).PublicKey);
        Assert.Empty((await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, default))).Candidates);
        Assert.Equal(["POST", "POST"], session.Server.Requests.Select(request => request.Method));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_generated_key_is_reported_as_a_candidate_and_older_keys_are_not(string failure)
    {
        await using ApiSession session = await SessionAsync(failure);
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        using IssuedAccessKey returned = await session.Api.CreateAccessKeyAsync(id, default);
        session.Server.AddFault("POST", "*", Acting(failure));

        // An existing key is only as old as this test is fast, so only its return excludes it. Another test covers age.
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, default));

        Assert.Equal((true, true, 1), (error.OutcomeUnknown, error.CandidatesKnown, error.Attempts));
        string made = session.Server.FindClient(id)!.Keys[^1].KeyId;
        Assert.Contains(made, error.Candidates.Cast<AccessKey>().Select(key => key.KeyId));
        Assert.DoesNotContain(returned.KeyId, error.Candidates.Cast<AccessKey>().Select(key => key.KeyId));
        Assert.Equal(3, session.Server.FindClient(id)!.Keys.Count);
    }

    [Fact]
    public async Task A_candidate_is_not_a_candidate_of_a_later_creation()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault(), times: 2);
        AuthressApiException first = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, default));
        AuthressApiException second = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, default));
        Assert.Equal(
            session.Server.FindClient(id)!.Keys.Select(key => key.KeyId),
            new[] { first, second }.Select(error => Assert.Single(error.Candidates.Cast<AccessKey>()).KeyId));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1.9, true)]
    [InlineData(-60, false)]
    [InlineData(60, true)]
    public async Task Candidates_are_new_by_the_servers_clock(double seconds, bool isCandidate)
    {
        // The server's clock is an hour behind, and this is the first that is ever heard of it.
        DateTimeOffset there = new(DateTime.UtcNow.AddHours(-1).Date.AddHours(5), TimeSpan.Zero);
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Dropped
            : ScriptedResponse.Json($$"""{"clientId":"sc_a","verificationKeys":[{"keyId":"k9","generationDate":"{{there.AddSeconds(seconds):O}}"}]}""", 200, $"Date: {there:R}"));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
        Assert.Equal((isCandidate ? 1 : 0, true), (error.Candidates.Count, error.CandidatesKnown));
    }

    [Fact]
    public async Task Unreadable_or_undated_keys_are_reported()
    {
        string answer = """{"clientId":"sc_a"}""";
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST" ? ScriptedResponse.Dropped : ScriptedResponse.Json(answer, 200, $"Date: {DateTimeOffset.UtcNow:R}"));
        using AuthressApi api = TestApi.Connect(server.Url);
        foreach (string each in new[] { answer, """{"clientId":"sc_a","verificationKeys":[{"keyId":"undated"}]}""", """{"clientId":"sc_other","verificationKeys":[]}""", "<html>" })
        {
            answer = each;
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
            Assert.Equal((true, false, 0), (error.OutcomeUnknown, error.CandidatesKnown, error.Candidates.Count));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_searched_after_a_stop(bool own)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new ActThenDropFault());
        using CancellationTokenSource stopping = new();
        // The log is called after the request and before the search.
        AuthressApi api = session.Api.ForInvocation(_ => stopping.Cancel(), _ => { }, stopping.Token);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync(id, own ? NewPublicKey() : null, default));
        Assert.Equal((true, false, own), (error.OutcomeUnknown, error.CandidatesKnown, error.PublicKey is not null));
        Assert.Single(session.Server.Requests);
    }

    [Fact]
    public async Task A_search_ends_when_the_invocation_stops()
    {
        TestTime time = new(standsStill: true);
        await using ApiSession session = await ApiSession.StartAsync(time: time);
        string id = session.Server.SeedClient();
        session.Server.AddFault("POST", "*", new DropFault());
        using CancellationTokenSource stopping = new();
        Task call = session.Api.ForInvocation(_ => { }, _ => { }, stopping.Token).CreateAccessKeyAsync(id, NewPublicKey(), default);
        await time.Waited;
        await stopping.CancelAsync();
        Assert.True((await Assert.ThrowsAsync<AuthressApiException>(() => call)).OutcomeUnknown);
        Assert.Equal(["POST", "GET"], session.Server.Requests.Select(request => request.Method));
    }

    internal static Task<ApiSession> SessionAsync(string failure) => ApiSession.StartAsync(timeout: failure == "timed out" ? TimeSpan.FromSeconds(1) : null);

    internal static Fault Acting(string failure) => failure switch
    {
        "dropped" => new ActThenDropFault(),
        "an empty answer" => new EmptyFault(),
        "an answer of other types" => new MalformedFault(),
        "cut short" => new TruncateFault(),
        "timed out" => new DelayFault(600_000) { AfterActing = true },
        _ => new StatusFault(int.Parse(failure, null)) { Act = true },
    };

    private static string NewPublicKey() =>
        Convert.ToBase64String([.. Convert.FromHexString("302a300506032b6570032100"), .. Curve()]);

    // The public half of a new key pair.
    private static byte[] Curve()
    {
        Org.BouncyCastle.Crypto.Parameters.Ed25519PrivateKeyParameters pair = new(RandomNumberGenerator.GetBytes(32));
        return pair.GeneratePublicKey().GetEncoded();
    }
}
