using Authress.Client.AccessKeys;
using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.Transport;

/// <summary>No exception of the client shows a token, an access key or a part of one.</summary>
public class SecretTests
{
    private static readonly Dictionary<string, Func<ScriptedRequest, ScriptedResponse>> Failures = new()
    {
        ["forbidden"] = _ => ScriptedResponse.Json("""{"title":"no"}""", 403),
        ["unauthorized"] = _ => ScriptedResponse.Json("""{"title":"no"}""", 401),
        ["HTML page"] = _ => ScriptedResponse.Html(),
        ["HTML error page"] = _ => ScriptedResponse.Html(502),
        ["dropped connection"] = _ => ScriptedResponse.Dropped,
        ["no response"] = _ => ScriptedResponse.Silence,
        ["cut off"] = _ => ScriptedResponse.CutShort("""{"clientId":"""),
        ["no HTTP"] = _ => new ScriptedResponse("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), Ending.Close),
        ["redirect"] = request => ScriptedResponse.Empty(302, $"Location: http://localhost:1/?token={request.Token}"),
        ["echo as the body"] = request => ScriptedResponse.Json(request.Token),
        ["echo as the body of an error"] = request => ScriptedResponse.Json(request.Token, 400),
        ["echo as a broken literal"] = request => ScriptedResponse.Json("""{"clientId":tTOKEN}""".Replace("TOKEN", request.Token, StringComparison.Ordinal)),
        ["echo as a broken literal of an error"] = request => ScriptedResponse.Json("""{"title":tTOKEN}""".Replace("TOKEN", request.Token, StringComparison.Ordinal), 500),
        ["echo as a name"] = request => ScriptedResponse.Json("""{"TOKEN":1,"options":{"TOKEN":}}""".Replace("TOKEN", request.Token, StringComparison.Ordinal)),
        ["echo as a name in an error"] = request => ScriptedResponse.Json("""{"TOKEN":{"TOKEN":}}""".Replace("TOKEN", request.Token, StringComparison.Ordinal), 500),
        ["echo as a tag of the wrong type"] = request => ScriptedResponse.Json("""{"tags":{"TOKEN":7}}""".Replace("TOKEN", request.Token, StringComparison.Ordinal)),
        ["echo as the message of a gateway"] = request => ScriptedResponse.Json("""{"message":"not a valid key=value pair in Authorization header: 'Bearer TOKEN'"}""".Replace("TOKEN", request.Token, StringComparison.Ordinal), 403),
    };

    public static TheoryData<string> FailureNames => [.. Failures.Keys];

    [Theory]
    [MemberData(nameof(FailureNames))]
    public async Task No_failure_shows_the_token_or_the_key(string failure)
    {
        string accessKey = TestApi.NewAccessKey();
        await using ScriptedServer server = ScriptedServer.Start(Failures[failure]);
        using AuthressApi api = TestApi.Connect(server.Url, accessKey, failure == "no response" ? TimeSpan.FromMilliseconds(500) : null);
        Func<Task>[] calls =
        [
            () => api.ListServiceClientsAsync(null, null, default),
            () => api.GetServiceClientAsync("sc_a", default),
            () => api.CreateServiceClientAsync(new ServiceClientChange(), default),
            () => api.CreateAccessKeyAsync("sc_a", default),
        ];
        foreach (Func<Task> call in calls)
        {
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(call);
            AssertSilent(error, [.. server.Requests.SelectMany(request => request.Token.Split('.')), accessKey.Split('.')[^1]]);
        }
    }

    [Fact]
    public async Task An_unusable_response_with_a_new_key_is_not_shown()
    {
        string made = TestApi.NewAccessKey();
        foreach (string body in new[]
        {
            $$"""{"accessKey":"{{made}}","clientSecret":"{{made}}"}""",
            $$"""{"keyId":"k","accessKey":"{{made}}" "clientSecret":"{{made}}"}""",
            $$"""{"keyId":"k","accessKey":["{{made}}"]}""",
            $$"""{"keyId":"k","accessKey":t{{made}}}""",
            $$"""{"keyId":["{{made}}"],"accessKey":"{{made}}"}""",
        })
        {
            await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body, 201));
            using AuthressApi api = TestApi.Connect(server.Url);
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
            Assert.Equal((ApiFailure.InvalidResponse, true), (error.Failure, error.OutcomeUnknown));
            AssertSilent(error, [made.Split('.')[^1]]);
        }
    }

    [Fact]
    public async Task No_failed_connection_shows_the_token_or_the_key()
    {
        string accessKey = TestApi.NewAccessKey();
        using AuthressApi api = TestApi.Connect(new Uri("http://127.0.0.1:1"), accessKey);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        AssertSilent(error, [accessKey.Split('.')[^1], "eyJ"]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("  ")]
    public async Task The_line_break_after_a_ready_token_is_not_sent(string end)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));
        using AuthressApi api = TestApi.ConnectWithToken(server.Url, "ready.made.token" + end);
        await api.ProbeAsync(default);
        Assert.Equal("ready.made.token", server.Requests[0].Token);
    }

    [Theory]
    [InlineData("r3ady.m4de\nt0ken")]
    [InlineData("r3ady.m4de\r\nX-Evil: t0ken")]
    [InlineData("r3ady.mä4de.t0ken")]
    [InlineData("r3ady m4de t0ken")]
    [InlineData("")]
    [InlineData("  ")]
    public void A_ready_token_that_no_header_can_hold_is_refused_and_not_shown(string token)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => TestApi.ConnectWithToken(new Uri("http://127.0.0.1:1"), token));
        AssertSilent(refusal, ["r3ady", "t0ken"]);
    }

    [Fact]
    public void A_key_shows_nothing_of_itself()
    {
        string accessKey = TestApi.NewAccessKey();
        AccessKeyCredential key = AccessKeyCredential.Parse(accessKey);
        Assert.DoesNotContain(accessKey.Split('.')[^1], key.ToString(), StringComparison.Ordinal);
        Assert.All(
            typeof(AccessKeyCredential).GetProperties().Select(property => property.GetValue(key)?.ToString()),
            shown => Assert.DoesNotContain(accessKey.Split('.')[^1], shown, StringComparison.Ordinal));
    }

    private static void AssertSilent(Exception error, string[] secrets)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            string shown = e.ToString() + e.Data.Values.Cast<object>().Aggregate("", (all, one) => all + one);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        }
    }
}
