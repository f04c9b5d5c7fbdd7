using System.Net;
using Authress.Client.Tests.Transport;
using Authress.Emulator.ServiceClients;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>Making and deleting access keys.</summary>
public class AccessKeyOperationTests
{
    [Fact]
    public async Task A_new_key_is_returned_with_the_secrets_that_are_shown_once()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, default);

        VerificationKeySnapshot stored = Assert.Single(session.Server.FindClient(id)!.Keys);
        Assert.Equal((id, stored.KeyId, stored.PublicKey), (key.ClientId, key.KeyId, key.PublicKey));
        Assert.Equal(stored.GenerationDate.ToUnixTimeMilliseconds(), key.GenerationDate!.Value.ToUnixTimeMilliseconds());
        string[] parts = new NetworkCredential("", key.AccessKey).Password.Split('.');
        Assert.Equal([id, stored.KeyId, session.Server.AccountId], parts[..3]);
        Assert.True(key.AccessKey!.IsReadOnly());
        Assert.True(key.ClientSecret!.Length > 0);
        Assert.NotEqual(string.Join(".", parts), new NetworkCredential("", key.ClientSecret).Password);
        Assert.Equal(stored.KeyId, key.ToString());
        Assert.Equal([$"POST /v1/clients/{id}/access-keys"], session.Sent);
        Assert.Equal("{}", session.LastRequest.Body);
    }

    [Fact]
    public async Task A_new_key_signs_for_its_client()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(session.Server.AdminClientId, default);
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, new NetworkCredential("", key.AccessKey).Password);
        await api.ProbeAsync(default);
        Assert.Equal((session.Server.AdminClientId, key.KeyId), (session.LastRequest.ClientId, session.LastRequest.KeyId));
    }

    [Fact]
    public async Task A_sixth_key_is_refused()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        for (int i = 0; i < 5; i++)
            (await session.Api.CreateAccessKeyAsync(id, default)).Dispose();
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.CreateAccessKeyAsync(id, default));
        Assert.Equal((ApiFailure.Status, false), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(5, session.Server.FindClient(id)!.Keys.Count);
    }

    [Fact]
    public async Task A_key_is_deleted_and_its_neighbours_stay()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        using IssuedAccessKey first = await session.Api.CreateAccessKeyAsync(id, default);
        using IssuedAccessKey second = await session.Api.CreateAccessKeyAsync(id, default);
        await session.Api.DeleteAccessKeyAsync(id, first.KeyId, default);
        Assert.Equal([second.KeyId], session.Server.FindClient(id)!.Keys.Select(key => key.KeyId));
        Assert.Equal(("DELETE", $"/v1/clients/{id}/access-keys/{first.KeyId}", 204), (session.LastRequest.Method, session.LastRequest.Target, session.LastRequest.Status));
    }

    [Fact]
    public async Task The_tokens_of_a_deleted_key_stop_working()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string admin = session.Server.AdminClientId;
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(admin, default);
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, new NetworkCredential("", key.AccessKey).Password);
        await api.ProbeAsync(default);
        await session.Api.DeleteAccessKeyAsync(admin, key.KeyId, default);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
        Assert.Equal(401, error.StatusCode);
    }

    [Fact]
    public async Task A_key_whose_response_omits_the_client_belongs_to_the_requested_client()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"keyId":"k2","accessKey":"a\u0062c😀"}""", 201));
        using AuthressApi api = TestApi.Connect(server.Url);
        using IssuedAccessKey key = await api.CreateAccessKeyAsync("sc_a", default);
        Assert.Equal(("sc_a", "k2", null, null), (key.ClientId, key.KeyId, key.ClientSecret, key.GenerationDate));
        Assert.Equal("abc😀", new NetworkCredential("", key.AccessKey).Password);
    }

    [Fact]
    public async Task A_client_lists_the_public_halves_of_its_keys()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        session.Server.AddLegacyRsaKey(id);
        ServiceClient client = await session.Api.GetServiceClientAsync(id, default);
        Assert.Equal(
            session.Server.FindClient(id)!.Keys.Select(key => (id, key.KeyId, (string?)key.PublicKey)),
            client.AccessKey!.Select(key => (key.ClientId, key.KeyId, key.PublicKey)));
        Assert.All(client.AccessKey!, key => Assert.InRange(key.Age!.Value, TimeSpan.FromSeconds(-1), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Disposing_a_key_wipes_its_secrets()
    {
        IssuedAccessKey key = new("sc_a", "k", new NetworkCredential("", "x").SecurePassword, new NetworkCredential("", "y").SecurePassword);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.AccessKey!.Length);
        Assert.Throws<ObjectDisposedException>(() => key.ClientSecret!.Length);
    }
}
