using Authress.Client.ServiceClients;
using CsCheck;

namespace Authress.Client.Tests.Transport;

/// <summary>Whatever an id holds, it reaches the server as that id and never as another path.</summary>
public class IdEncodingTests
{
    public static TheoryData<string> StrangeIds =>
    [
        "a/b", "/", "../clients", "..x", "...", ".x", "x..", "a/../b", "a\\b", "a?b=c", "?", "a#b", "#", "%2f", "%2F..%2f", "%", "%%", "%zz", "%00", "100%25",
        "a b", " a ", "a\nb", "a\r\nX-Evil: 1", "a\tb", "ünïcödé", "日本語", "😀", "e\u0301", "\u00e9", "\u200e\u202e", "{id}", "${x}", "a+b", "a&b", "a;b", "a:b",
        "a@b", "'\"<>", "~_-.!*()", "https://evil.example.com/", "//evil.example.com", "\ufeffx", "\uffff", "sc_a9RdHnQzsXJeAz",
    ];

    /// <summary>Rows of half a letter do not survive a runner that carries them from one process to another, hence no enumeration at discovery.</summary>
    public static TheoryData<string> NoIds =>
    [
        ".", "..", "", " ", "\t\r\n", new string('a', 65), "\ud800", "\udc00", "a\ud83d", "\udc00\ud800", "\ud800a",
    ];

    /// <summary>Any text but NUL, which no HTTP server lets into a path.</summary>
    private static Gen<string> AnyId { get; } =
        Gen.OneOf(
            Gen.Char[' ', '~'].Select(c => c.ToString()),
            Gen.OneOf("/", "\\", "?", "#", "%", ".", "..", "%2f", "%2e", ":", "@", "&", "=", "+", " ", "\n", "\r", "\t", "{", "}", "😀", "é", "e\u0301", "\u202e"),
            Gen.Char['\u0001', '\ud7ff'].Select(c => c.ToString()),
            Gen.Char['\ue000', '\uffff'].Select(c => c.ToString()),
            Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32))
        .Array[1, 20].Select(string.Concat)
        .Where(id => id.Length <= 64 && !string.IsNullOrWhiteSpace(id) && id is not ("." or ".."));

    [Theory]
    [MemberData(nameof(StrangeIds), DisableDiscoveryEnumeration = true)]
    public async Task A_client_with_a_strange_id_is_read_changed_keyed_and_deleted(string id)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.SeedClient("""{"name":"old"}""", id);

        Assert.Equal((id, "old"), await DescribeAsync(session.Api.GetServiceClientAsync(id, default)));
        Assert.Equal((id, "new"), await DescribeAsync(session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default)));
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
    public async Task What_can_be_no_id_is_refused_and_nothing_is_sent(string id)
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

    [Fact]
    public async Task The_longest_id_is_accepted()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("{}", new string('é', 64));
        Assert.Equal(id, (await session.Api.GetServiceClientAsync(id, default)).ClientId);
    }

    [Fact]
    public async Task The_server_decodes_any_two_ids_to_what_was_passed()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(204));
        using AuthressApi api = TestApi.Connect(server.Url);
        await Gen.Select(AnyId, AnyId).SampleAsync(
            async (clientId, keyId) =>
            {
                await api.DeleteAccessKeyAsync(clientId, keyId, default);
                return server.Requests[^1].Segments is ["v1", "clients", var client, "access-keys", var key] && client == clientId && key == keyId;
            },
            iter: 1000,
            threads: 1);
    }

    private static async Task<(string, string?)> DescribeAsync(Task<ServiceClient> client) => ((await client).ClientId, (await client).Name);
}
