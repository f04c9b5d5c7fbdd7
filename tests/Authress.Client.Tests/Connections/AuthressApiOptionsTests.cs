using System.Security.Cryptography;
using System.Text.Json;
using Authress.Client.AccessKeys;
using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests.Connections;

public class AuthressApiOptionsTests
{
    private static readonly Uri SomeUrl = new("http://localhost:1");

    [Fact]
    public void A_client_without_a_credential_is_refused() =>
        Assert.Throws<ArgumentException>(() => new AuthressApi(new AuthressApiOptions { ApiUrl = SomeUrl }));

    [Fact]
    public void A_legacy_key_that_names_no_account_needs_the_account_given()
    {
        AccessKeyCredential key = LegacyKey("https://api.example.com");
        Assert.Null(key.AccountId);
        Assert.Throws<ArgumentException>(() => new AuthressApi(new AuthressApiOptions { ApiUrl = SomeUrl, AccessKey = key }));
        using AuthressApi named = new(new AuthressApiOptions { ApiUrl = SomeUrl, AccessKey = key, AccountId = TestApi.AccountId });
    }

    [Fact]
    public void A_legacy_key_names_its_account_in_its_audience() =>
        Assert.Equal("acc-older", LegacyKey("acc-older.accounts.authress.io").AccountId);

    [Fact]
    public async Task A_read_only_client_reads_and_sends_nothing_else()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"old"}""");
        using AuthressApi api = new(new AuthressApiOptions { ApiUrl = session.Server.ApiUrl, AccessKey = AccessKeyCredential.Parse(session.Server.AccessKey), ReadOnly = true });
        Func<Task>[] changes =
        [
            () => api.CreateServiceClientAsync(new ServiceClientChange(), default),
            () => api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default),
            () => api.DeleteServiceClientAsync(id, default),
            () => api.CreateAccessKeyAsync(id, default),
            () => api.DeleteAccessKeyAsync(id, "k", default),
        ];
        foreach (Func<Task> change in changes)
        {
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(change);
            Assert.Equal((ApiFailure.ReadOnlyConnection, false), (error.Failure, error.OutcomeUnknown));
        }

        Assert.Empty(session.Server.Requests);
        await api.ListServiceClientsAsync(null, null, default);
        Assert.Single(session.Server.Requests);
    }

    [Fact]
    public void The_version_is_the_one_of_the_manifest() =>
        Assert.Matches(@"^\d+\.\d+\.\d+$", AuthressApiOptions.Version);

    private static AccessKeyCredential LegacyKey(string audience)
    {
        using RSA rsa = RSA.Create(2048);
        return AccessKeyCredential.Parse(Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["audience"] = audience,
            ["clientId"] = TestApi.ClientId,
            ["keyId"] = TestApi.KeyId,
            ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem(),
        })));
    }

    [Fact]
    public async Task Another_key_is_used_over_the_same_proxy_with_the_same_limits_read_only()
    {
        Assert.SkipWhen(TestApi.IsOnMono, "Mono asks no proxy for an address of this machine.");
        await using ScriptedServer proxy = ScriptedServer.Start(ScriptedResponse.Empty(503));
        TestTime time = new();
        using AuthressApi api = new(new AuthressApiOptions
        {
            ApiUrl = new Uri("http://127.0.0.1:1"),
            AccessKey = AccessKeyCredential.Parse(TestApi.NewAccessKey("sc_first")),
            Proxy = new System.Net.WebProxy(proxy.Url),
            MaximumRetryCount = 1,
            MaximumRetryWait = TimeSpan.FromSeconds(7),
            UserAgentSuffix = "tests 2.0",
            Time = time,
        });
        using AuthressApi other = api.WithAccessKey(AccessKeyCredential.Parse(TestApi.NewAccessKey("sc_second")));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => other.ProbeAsync(default));
        Assert.Equal((503, 2), (error.StatusCode, error.Attempts));
        Assert.All(proxy.Requests, request => Assert.StartsWith("http://127.0.0.1:1/v1/clients", request.Target, StringComparison.Ordinal));
        Assert.All(proxy.Requests, request => Assert.EndsWith("tests 2.0", request.Headers["User-Agent"].Single(), StringComparison.Ordinal));
        Assert.Equal("sc_second", Authress.Client.Tokens.AccessTokenClaims.Read(proxy.Requests[0].Token).ClientId);
        AuthressApiException refused = await Assert.ThrowsAsync<AuthressApiException>(() => other.DeleteServiceClientAsync("sc_a", default));
        Assert.Equal((ApiFailure.ReadOnlyConnection, 0), (refused.Failure, refused.Attempts));
        other.Dispose();
        await Assert.ThrowsAsync<AuthressApiException>(() => api.DeleteServiceClientAsync("sc_a", default));
    }

    [Fact]
    public async Task The_copy_of_an_invocation_closes_no_connection_when_it_is_disposed()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        AuthressApi copy = session.Api.ForInvocation(_ => { }, _ => { }, default);
        await copy.ProbeAsync(default);
        copy.Dispose();
        copy.ForInvocation(_ => { }, _ => { }, default).Dispose();
        Assert.Equal(200, (await session.Api.ProbeAsync(default)).StatusCode);
        Assert.Equal(200, (await copy.ProbeAsync(default)).StatusCode);
    }

    [Fact]
    public async Task Another_key_can_be_used_at_another_URL()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        using AuthressApi elsewhere = TestApi.Connect(SomeUrl);
        using AuthressApi api = elsewhere.WithAccessKey(AccessKeyCredential.Parse(session.Server.AccessKey), session.Server.ApiUrl);
        Assert.Equal(200, (await api.ProbeAsync(default)).StatusCode);
    }
}
