using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.Transport;

/// <summary>Whatever an id holds, it reaches the server as that id and never as another path.</summary>
public partial class IdEncodingTests
{
    public static TheoryData<string> StrangeIds =>
    [
        "a/b", "/", "../clients", "..x", "...", ".x", "x..", "a/../b", "a\\b", "a?b=c", "?", "a#b", "#", "%2f", "%2F..%2f", "%", "%%", "%zz", "%00", "100%25",
        "a b", " a ", "a\nb", "a\r\nX-Evil: 1", "a\tb", "ünïcödé", "日本語", "😀", "e\u0301", "\u00e9", "{id}", "${x}", "a+b", "a&b", "a;b", "a:b",
        "a@b", "'\"<>", "~_-.!*()", "https://evil.example.com/", "//evil.example.com", "\ufeffx", "\uffff", "sc_a9RdHnQzsXJeAz",
    ];

    /// <summary>Rows of half a letter do not survive a runner that carries them from one process to another, hence no enumeration at discovery.</summary>
    public static TheoryData<string> NoIds =>
    [
        ".", "..", "", " ", "\t\r\n", new string('a', 65), "\ud800", "\udc00", "a\ud83d", "\udc00\ud800", "\ud800a",
    ];

    [Theory]
    [MemberData(nameof(StrangeIds), DisableDiscoveryEnumeration = true)]
    public async Task A_client_with_a_strange_id_is_read_changed_keyed_and_deleted(string id)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClient("""{"name":"old"}""", id);

        Assert.Equal((id, "old"), Describe(await session.Api.GetServiceClientAsync(id, default)));
        Assert.Equal((id, "new"), Describe((await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default)).Client));
        Assert.Equal("new", session.Server.FindClient(id)!.Name);

        using (IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, default))
        {
            Assert.Equal(id, key.ClientId);
            Assert.Equal(key.KeyId, Assert.Single(session.Server.FindClient(id)!.Keys).KeyId);
            await session.Api.DeleteAccessKeyAsync(id, key.KeyId, default);
        }

        Assert.Empty(session.Server.FindClient(id)!.Keys);
        await session.Api.DeleteServiceClientAsync(id, default);
        Assert.Equal([session.Server.AdminClientId], session.Server.Clients.Select(client => client.ClientId));
    }

    [Theory]
    [MemberData(nameof(NoIds), DisableDiscoveryEnumeration = true)]
    public async Task An_invalid_id_is_refused_and_nothing_is_sent(string id)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        AuthressApi api = session.Api;
        Func<Task>[] calls =
        [
            () => api.GetServiceClientAsync(id, default),
            () => api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("x") }, default),
            () => api.DeleteServiceClientAsync(id, default),
            () => api.CreateAccessKeyAsync(id, default),
            () => api.DeleteAccessKeyAsync(id, "k1", default),
            () => api.DeleteAccessKeyAsync(session.Server.AdminClientId, id, default),
        ];
        foreach (Func<Task> call in calls)
            await Assert.ThrowsAsync<ArgumentException>(call);
        Assert.Empty(session.Server.Requests);
    }

    /// <summary>
    /// .NET Framework drops direction marks from URLs, even encoded ones. The result would be another client's URL, so an id
    /// with such marks must not be sent there.
    /// </summary>
    [Theory]
    [InlineData("sc_a\u200e")]
    [InlineData("\u202esc_a")]
    [InlineData("sc_\u200f\u202aa")]
    public async Task An_id_with_marks_of_direction_never_becomes_another_clients(string id)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClient("{}", "sc_a");
        await Assert.ThrowsAnyAsync<Exception>(() => session.Api.DeleteServiceClientAsync(id, default));
        Assert.NotNull(session.Server.FindClient("sc_a"));
    }

    [Fact]
    public async Task The_longest_id_is_accepted()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("{}", new string('é', 64));
        Assert.Equal(id, (await session.Api.GetServiceClientAsync(id, default)).ClientId);
    }

    private static (string, string?) Describe(ServiceClient client) => (client.ClientId, client.Name);
}
