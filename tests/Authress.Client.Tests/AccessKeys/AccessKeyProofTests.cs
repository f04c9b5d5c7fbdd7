using System.Text;
using Authress.Client.AccessKeys;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>Whether a key works: proved by its own request and the refusal of a forged one, and by nothing else.</summary>
public class AccessKeyProofTests
{
    private const string Keys = "/.well-known/openid-configuration/jwks";

    private static readonly ScriptedResponse Listed = ScriptedResponse.Json("""{"clients":[]}""");
    private static readonly ScriptedResponse Refused = ScriptedResponse.Json("""{"title":"Unauthorized","errorCode":"Unauthorized"}""", 401);

    /// <summary>The response to the key's request, the response to the control request, and whether the key is proved to work.</summary>
    private static readonly Dictionary<string, (ScriptedResponse ToKey, ScriptedResponse ToControl, bool? Works, int? Status)> Cases = new()
    {
        ["accepted with 200"] = (Listed, Refused, true, 200),
        ["accepted with 201"] = (ScriptedResponse.Json("""{"clients":[]}""", 201), Refused, null, 201),
        ["accepted with 204"] = (ScriptedResponse.Empty(204), Refused, true, 204),
        ["without permission, 403"] = (ScriptedResponse.Json("""{"title":"Forbidden"}""", 403), Refused, true, 403),
        ["without permission, 404"] = (ScriptedResponse.Json("""{"title":"Not found"}""", 404), Refused, true, 404),
        ["refused by an empty 401 while the control is"] = (Listed, ScriptedResponse.Empty(401), true, 200),
        ["refused with 401"] = (Refused, Refused, false, 401),
        ["refused with an empty 401"] = (ScriptedResponse.Empty(401), Refused, false, 401),
        ["a page of HTML with 401"] = (ScriptedResponse.Html(401), Refused, null, 401),
        ["plain text with 401"] = (ScriptedResponse.Of(401, "no"u8.ToArray(), "Content-Type: text/plain"), Refused, null, 401),
        ["XML with 401"] = (ScriptedResponse.Of(401, "<no/>"u8.ToArray(), "Content-Type: application/xml"), Refused, null, 401),
        ["JSON as plain text with 200"] = (ScriptedResponse.Of(200, """{"clients":[]}"""u8.ToArray(), "Content-Type: text/plain"), Refused, null, 200),
        ["a page of HTML with 200"] = (ScriptedResponse.Html(), Refused, null, 200),
        ["a page of HTML with 403"] = (ScriptedResponse.Html(403), Refused, null, 403),
        ["a page of HTML with 404"] = (ScriptedResponse.Html(404), Refused, null, 404),
        ["an empty 403"] = (ScriptedResponse.Empty(403), Refused, null, 403),
        ["an empty 200"] = (ScriptedResponse.Empty(200), Refused, null, 200),
        ["other JSON with 200"] = (ScriptedResponse.Json("[]"), Refused, null, 200),
        ["429"] = (ScriptedResponse.Json("""{"title":"Too many"}""", 429), Refused, null, 429),
        ["500"] = (ScriptedResponse.Json("""{"title":"Failed"}""", 500), Refused, null, 500),
        ["503"] = (ScriptedResponse.Empty(503), Refused, null, 503),
        ["a redirect"] = (ScriptedResponse.Empty(302, "Location: https://login.example.com"), Refused, null, 302),
        ["no response"] = (ScriptedResponse.Dropped, Refused, null, null),
        ["control accepted as well"] = (Listed, Listed, null, 200),
        ["control without permission"] = (Listed, ScriptedResponse.Json("""{"title":"Forbidden"}""", 403), null, 200),
        ["key and control without permission"] = (ScriptedResponse.Json("{}", 403), ScriptedResponse.Json("{}", 403), null, 403),
        ["control refused by a page of HTML"] = (Listed, ScriptedResponse.Html(401), null, 200),
        ["control throttled"] = (Listed, ScriptedResponse.Empty(429), null, 200),
        ["control failed"] = (Listed, ScriptedResponse.Empty(502), null, 200),
        ["control without a response"] = (Listed, ScriptedResponse.Dropped, null, 200),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Only_an_accepted_request_and_a_refused_control_prove_a_key(string name)
    {
        (ScriptedResponse toKey, ScriptedResponse toControl, bool? works, int? status) = Cases[name];
        AccessKeyCredential key = NewKey();
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? ScriptedResponse.Empty(404) : IsSignedBy(key, request) ? toKey : toControl);
        AccessKeyProof proof = await ProveAsync(server, key);
        Assert.Equal((works, status, null), (proof.Works, proof.StatusCode, proof.IsRegistered));
        Assert.Equal(works is true && status is 200 or 204, proof.Message is null);

        // The control is sent only where it can prove something, and no token to the public key set.
        ScriptedRequest[] probes = [.. server.Requests.Where(request => !IsOfKeySet(request))];
        Assert.All(probes, request => Assert.Equal(("GET", "/v1/clients?limit=1"), (request.Method, request.Target)));
        Assert.Equal(works is true || (works is null && toControl != Refused), probes.Any(request => !IsSignedBy(key, request)));
        Assert.All(server.Requests.Where(IsOfKeySet), request => Assert.Empty(request.Headers["Authorization"]));
    }

    [Fact]
    public async Task The_control_is_the_same_token_with_a_signature_of_another_key()
    {
        AccessKeyCredential key = NewKey();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? ScriptedResponse.Empty(404) : IsSignedBy(key, request) ? Listed : Refused);
        for (int i = 0; i < 2; i++)
            Assert.True((await ProveAsync(server, key, now: now)).Works);
        string[][] tokens = [.. server.Requests.Where(request => !IsOfKeySet(request)).Select(request => request.Token.Split('.'))];
        Assert.Equal(4, tokens.Length);
        Assert.All(tokens, token => Assert.Equal(tokens[0][..2], token[..2]));

        // The key's own signature twice, and another one each time.
        Assert.Equal(3, tokens.Select(token => token[2]).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Waits_until_a_new_key_works(int refusals)
    {
        AccessKeyCredential key = NewKey();
        TestTime time = new();
        int requests = 0;

        // A refused token is signed anew and sent once more.
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? KeySet(key) : IsSignedBy(key, request) && ++requests > refusals * 2 ? Listed : Refused);
        AccessKeyProof proof = await ProveAsync(server, key, TimeSpan.FromMinutes(5), time);
        Assert.Equal((true, true), (proof.Works, proof.IsRegistered));
        Assert.Equal([.. new double[] { 1, 2, 4 }.Take(refusals)], time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Ends_the_wait_in_time_with_the_last_result()
    {
        AccessKeyCredential key = NewKey();
        TestTime time = new();
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? KeySet(key) : Refused);
        AccessKeyProof proof = await ProveAsync(server, key, TimeSpan.FromSeconds(60), time);
        Assert.Equal((false, true, 401), (proof.Works, proof.IsRegistered, proof.StatusCode));
        Assert.Equal([1, 2, 4, 8, 10, 10, 10, 10], time.Waits.Take(8).Select(wait => wait.TotalSeconds));
        Assert.True(time.Waits.Sum(wait => wait.TotalSeconds) <= 60);
    }

    [Fact]
    public async Task A_wait_continues_after_what_proves_nothing()
    {
        AccessKeyCredential key = NewKey();
        int requests = 0;
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? KeySet(key) : !IsSignedBy(key, request) ? Refused : ++requests switch
        {
            1 => ScriptedResponse.Empty(502),
            2 => ScriptedResponse.Html(),
            _ => Listed,
        });
        Assert.True((await ProveAsync(server, key, TimeSpan.FromMinutes(5))).Works);
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once()
    {
        AccessKeyCredential key = NewKey();
        TestTime time = new(standsStill: true);
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? KeySet(key) : Refused);
        using CancellationTokenSource cancellation = new();
        using AuthressApi api = Connect(server, key, time);
        Task proving = api.ProveAccessKeyAsync(null, TimeSpan.FromMinutes(5), cancellation.Token);
        await time.Waited;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => proving);
    }

    [Theory]
    [InlineData("registered", null)]
    [InlineData("unreadable", null)]
    [InlineData("not registered", false)]
    public async Task A_refusal_proves_nothing_while_the_clock_is_off_unless_the_key_is_missing(string keySet, bool? works)
    {
        AccessKeyCredential key = NewKey();
        foreach (double hours in new[] { 2, -30 })
        {
            string date = $"Date: {DateTimeOffset.UtcNow.AddHours(hours):R}";
            await using ScriptedServer server = ScriptedServer.Start(request => !IsOfKeySet(request) ? ScriptedResponse.Json("{}", 401, date) : keySet switch
            {
                "registered" => KeySet(key),
                "unreadable" => ScriptedResponse.Empty(500),
                _ => ScriptedResponse.Json("""{"keys":[]}"""),
            });
            AccessKeyProof proof = await ProveAsync(server, key);
            Assert.Equal((works, 401), (proof.Works, proof.StatusCode));
            Assert.Contains((Math.Abs(hours) * 60).ToString(System.Globalization.CultureInfo.InvariantCulture), proof.Message!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_clock_that_is_off_does_not_matter_where_the_key_is_accepted()
    {
        AccessKeyCredential key = NewKey();
        string date = $"Date: {DateTimeOffset.UtcNow.AddHours(2):R}";
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request) ? KeySet(key)
            : IsSignedBy(key, request) ? ScriptedResponse.Json("""{"clients":[]}""", 200, date) : ScriptedResponse.Json("{}", 401, date));
        Assert.Equal(new AccessKeyProof(true, 200, true, null), await ProveAsync(server, key));
    }

    /// <summary>What the observer reads, what the public key set shows, and whether the key is registered.</summary>
    [Theory]
    [InlineData("the key", "unreadable", true)]
    [InlineData("the key", "nothing", true)]
    [InlineData("nothing", "the key", true)]
    [InlineData("no permission", "the key", true)]
    [InlineData("no observer", "the key", true)]
    [InlineData("the key in raw form", "unreadable", true)]
    [InlineData("the id without bytes", "the key", true)]
    [InlineData("the id without bytes", "unreadable", null)]
    [InlineData("the id without bytes", "nothing", false)]
    [InlineData("nothing", "nothing", false)]
    [InlineData("nothing", "unreadable", false)]
    [InlineData("no permission", "nothing", false)]
    [InlineData("no observer", "nothing", false)]
    [InlineData("no permission", "unreadable", null)]
    [InlineData("no observer", "unreadable", null)]
    [InlineData("another key under the id", "another key under the id", false)]
    [InlineData("the key under another id", "the key under another id", false)]
    public async Task A_key_is_registered_where_the_client_or_its_public_key_set_has_the_pair(string listed, string published, bool? expected)
    {
        AccessKeyCredential key = NewKey();
        string other = NewKey().PublicKey!;
        await using ScriptedServer server = ScriptedServer.Start(request => IsOfKeySet(request)
            ? published switch
            {
                "the key" => KeySet(key),
                "nothing" => ScriptedResponse.Json("""{"keys":[]}"""),
                "another key under the id" => KeySet(other, key.KeyId),
                "the key under another id" => KeySet(key.PublicKey!, "other"),
                _ => ScriptedResponse.Empty(500),
            }
            : request.Target != $"/v1/clients/{key.ClientId}" ? Refused
            : listed switch
            {
                "the key" => Client(key.KeyId, key.PublicKey),
                "the key in raw form" => Client(key.KeyId, Convert.ToBase64String(Convert.FromBase64String(key.PublicKey!)[^32..])),
                "the id without bytes" => Client(key.KeyId, null),
                "nothing" => Client("older", other),
                "another key under the id" => Client(key.KeyId, other),
                "the key under another id" => Client("other", key.PublicKey),
                _ => ScriptedResponse.Json("{}", 403),
            });
        using AuthressApi observer = TestApi.Connect(server.Url, retries: 0);
        AccessKeyProof proof = await ProveAsync(server, key, observer: listed == "no observer" ? null : observer);
        Assert.Equal((false, expected), (proof.Works, proof.IsRegistered));
    }

    [Fact]
    public async Task A_key_of_the_older_form_is_tested_and_not_compared()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string key = session.Server.AddLegacyRsaKey(session.Server.AdminClientId);
        using AuthressApi api = session.Api.WithAccessKey(AccessKeyCredential.Parse(key));
        Assert.Equal(new AccessKeyProof(true, 200, null, null), await api.ProveAccessKeyAsync(session.Api, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_ready_token_has_no_key_to_prove_and_signs_no_other()
    {
        await using ScriptedServer server = ScriptedServer.Start(Listed);
        using AuthressApi api = TestApi.ConnectWithToken(server.Url, "ready");
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.ProveAccessKeyAsync(null, TimeSpan.Zero, default));
        Assert.Throws<InvalidOperationException>(() => api.SignToken(TimeSpan.FromHours(1)));
        Assert.Empty(server.Requests);
    }

    private static AccessKeyCredential NewKey() => AccessKeyCredential.Parse(TestApi.NewAccessKey());

    private static bool IsOfKeySet(ScriptedRequest request) => request.Target.Split('?')[0].EndsWith(Keys, StringComparison.Ordinal);

    // The same bytes have the same signature (RFC 8032).
    private static bool IsSignedBy(AccessKeyCredential key, ScriptedRequest request)
    {
        string[] parts = request.Token.Split('.');
        return parts[2] == Base64Text.EncodeUrl(key.Sign(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1])));
    }

    private static AuthressApi Connect(ScriptedServer server, AccessKeyCredential key, TimeProvider? time, DateTimeOffset? now = null) => new(new AuthressApiOptions
    {
        ApiUrl = server.Url,
        AccessKey = key,
        MaximumRetryCount = 0,
        Time = time ?? new TestTime(),
        Now = () => now ?? DateTimeOffset.UtcNow,
    });

    private static async Task<AccessKeyProof> ProveAsync(
        ScriptedServer server, AccessKeyCredential key, TimeSpan wait = default, TimeProvider? time = null, AuthressApi? observer = null, DateTimeOffset? now = null)
    {
        using AuthressApi api = Connect(server, key, time, now);
        return await api.ProveAccessKeyAsync(observer, wait, default);
    }

    private static ScriptedResponse KeySet(AccessKeyCredential key) => KeySet(key.PublicKey!, key.KeyId);

    private static ScriptedResponse KeySet(string publicKey, string keyId) =>
        ScriptedResponse.Json($$"""{"keys":[{"kid":"{{keyId}}","kty":"OKP","crv":"Ed25519","x":"{{Base64Text.EncodeUrl(Convert.FromBase64String(publicKey)[^32..])}}"}]}""");

    private static ScriptedResponse Client(string keyId, string? publicKey) =>
        ScriptedResponse.Json($$"""{"clientId":"{{TestApi.ClientId}}","verificationKeys":[{"keyId":"{{keyId}}"{{(publicKey is null ? "" : $",\"publicKey\":\"{publicKey}\"")}}}]}""");
}
