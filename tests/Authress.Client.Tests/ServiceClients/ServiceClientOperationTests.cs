using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Emulator;
using Authress.Emulator.ServiceClients;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Listing, reading, creating and deleting service clients; see <see cref="UpdateTests"/> for changing them.</summary>
public class ServiceClientOperationTests
{
    private const string Full =
        """{"name":"Full","options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true},"rateLimits":[{"duration":"PT5M","quota":1000}],"tags":{"env":"prod","team":"a b"}}""";

    [Fact]
    public async Task A_client_is_read_with_every_field()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Full);
        ServiceClient client = await session.Api.GetServiceClientAsync(id, default);
        Assert.Equal((id, "Full", true, true), (client.ClientId, client.Name, client.GrantUserPermissionsAccess, client.GrantTokenGeneration));
        Assert.Equal("env=prod;team=a b", client.Tag.ToString());
        Assert.Equal(new RateLimit("PT5M", 1000), client.RateLimit);
        Assert.Equal(session.Server.FindClient(id)!.CreatedTime.ToUnixTimeMilliseconds(), client.CreatedTime!.Value.ToUnixTimeMilliseconds());
        Assert.Empty(client.AccessKey!);
        Assert.Equal(id, client.ToString());
        Assert.Equal([$"GET /v1/clients/{id}"], session.Sent);
    }

    [Fact]
    public async Task A_bare_client_is_read()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClient client = await session.Api.GetServiceClientAsync(session.Server.SeedClient(), default);
        Assert.Null(client.Name);
        Assert.Null(client.RateLimit);
        Assert.Empty(client.Tag);
        Assert.False(client.GrantUserPermissionsAccess || client.GrantTokenGeneration);
    }

    [Fact]
    public async Task A_client_is_created_with_the_given_fields()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClient client = await session.Api.CreateServiceClientAsync(
            new ServiceClientChange
            {
                Name = new("näme"),
                Tag = new(TagMap.Parse("env=prod")),
                GrantUserPermissionsAccess = new(true),
                RateLimit = new(new RateLimit("P1D", 100)),
            },
            default);

        ServiceClientSnapshot stored = session.Server.FindClient(client.ClientId)!;
        Assert.Equal(("näme", true, false), (stored.Name, stored.GrantUserPermissionsAccess, stored.GrantTokenGeneration));
        Assert.Equal(new Dictionary<string, string> { ["env"] = "prod" }, stored.Tags);
        Assert.Equal([new ClientRateLimit("P1D", 100)], stored.RateLimits);
        Assert.Equal(("näme", true, "env=prod", "P1D:100"), (client.Name, client.GrantUserPermissionsAccess, client.Tag.ToString(), client.RateLimit!.ToString()));
        Assert.NotNull(client.CreatedTime);
        Assert.Equal(["POST /v1/clients"], session.Sent);
        Assert.Equal(201, session.LastRequest.Status);
    }

    [Fact]
    public async Task A_client_is_created_without_any_field()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClient client = await session.Api.CreateServiceClientAsync(new ServiceClientChange(), default);
        Assert.Null(session.Server.FindClient(client.ClientId)!.Name);
    }

    [Fact]
    public async Task A_client_is_deleted_and_its_neighbours_stay()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        IReadOnlyList<string> ids = session.Server.SeedClients(3);
        await session.Api.DeleteServiceClientAsync(ids[1], default);
        Assert.Equal([session.Server.AdminClientId, ids[0], ids[2]], session.Server.Clients.Select(client => client.ClientId));
        Assert.Equal([$"DELETE /v1/clients/{ids[1]}"], session.Sent);
        Assert.Equal(204, session.LastRequest.Status);
    }

    [Fact]
    public async Task A_page_holds_the_clients_of_the_response()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(Full);
        session.Server.IssueAccessKey(id);
        ServiceClientPage page = await session.Api.ListServiceClientsAsync(null, null, default);
        Assert.Null(page.NextCursor);
        Assert.Equal([session.Server.AdminClientId, id], page.Clients.Select(client => client.ClientId));
        ServiceClient client = page.Clients[1];
        Assert.Equal(("Full", true, "env=prod;team=a b", "PT5M:1000"), (client.Name, client.GrantTokenGeneration, client.Tag.ToString(), client.RateLimit!.ToString()));
        Assert.Single(client.AccessKey!);
        Assert.Equal(["GET /v1/clients"], session.Sent);
    }

    [Fact]
    public async Task A_list_without_keys_has_null_keys()
    {
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { ListOmitsKeys = true });
        Assert.Null(Assert.Single((await session.Api.ListServiceClientsAsync(null, null, default)).Clients).AccessKey);
        Assert.Single((await session.Api.GetServiceClientAsync(session.Server.AdminClientId, default)).AccessKey!);
    }

    [Fact]
    public async Task A_page_is_requested_with_its_size_and_cursor()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClients(5);
        ServiceClientPage first = await session.Api.ListServiceClientsAsync(2, null, default);
        ServiceClientPage second = await session.Api.ListServiceClientsAsync(3, first.NextCursor, default);
        Assert.Equal((2, 3), (first.Clients.Count, second.Clients.Count));
        Assert.Equal("client-2", second.Clients[0].Name);
        Assert.Equal("/v1/clients?limit=2", session.Server.Requests[0].Target);
    }

    [Fact]
    public async Task A_probe_succeeds()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ApiProbeResult probe = await session.Api.ProbeAsync(default);
        Assert.Equal(200, probe.StatusCode);
        Assert.True(probe.Latency > TimeSpan.Zero);
        Assert.InRange(probe.ClockSkew!.Value.TotalSeconds, -2, 60);
        Assert.Equal(["GET /v1/clients?limit=1"], session.Sent);
    }

    [Fact]
    public async Task Names_and_tags_that_are_too_long_are_refused_and_nothing_is_sent()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        string tooLong = new('x', 129);
        foreach (ServiceClientChange change in new ServiceClientChange[] { new() { Name = new(tooLong) }, new() { Tag = new(new TagMap { ["k"] = tooLong }) } })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => session.Api.CreateServiceClientAsync(change, default));
            await Assert.ThrowsAsync<ArgumentException>(() => session.Api.UpdateServiceClientAsync(id, change, default));
        }

        Assert.Empty(session.Server.Requests);
    }

    [Fact]
    public async Task The_longest_name_and_tag_are_accepted()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string longest = new('x', 128);
        ServiceClient client = await session.Api.CreateServiceClientAsync(
            new ServiceClientChange { Name = new(longest), Tag = new(new TagMap { ["k"] = longest }) }, default);
        Assert.Equal(longest, session.Server.FindClient(client.ClientId)!.Name);
        Assert.Equal(longest, session.Server.FindClient(client.ClientId)!.Tags["k"]);
    }

    [Fact]
    public async Task The_emulator_logs_the_seven_operations_under_their_names_in_the_contract()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        AuthressApi api = session.Api;
        string id = (await api.CreateServiceClientAsync(new ServiceClientChange { Name = new("a") }, default)).ClientId;
        await api.ListServiceClientsAsync(20, null, default);
        await api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("b") }, default);
        using IssuedAccessKey key = await api.CreateAccessKeyAsync(id, default);
        await api.DeleteAccessKeyAsync(id, key.KeyId, default);
        await api.DeleteServiceClientAsync(id, default);
        Assert.Equal(
            [
                ("POST", "/v1/clients", 201),
                ("GET", "/v1/clients?limit=20", 200),
                ("GET", $"/v1/clients/{id}", 200),
                ("PUT", $"/v1/clients/{id}", 200),
                ("POST", $"/v1/clients/{id}/access-keys", 201),
                ("DELETE", $"/v1/clients/{id}/access-keys/{key.KeyId}", 204),
                ("DELETE", $"/v1/clients/{id}", 204),
            ],
            session.Server.Requests.Select(request => (request.Method, request.Target, request.Status!.Value)));
        Assert.All(session.Server.Requests, request =>
            Assert.Equal(("Bearer", session.Server.AdminClientId, session.Server.AdminKeyId, false), (request.AuthorizationScheme, request.ClientId, request.KeyId, request.SecretsLeftOut)));
    }
}
