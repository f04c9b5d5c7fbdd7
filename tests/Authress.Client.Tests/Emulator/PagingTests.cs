using System.Net;
using System.Text.Json.Nodes;
using Authress.Emulator;

namespace Authress.Client.Tests.Emulator;

public class PagingTests
{
    [Fact]
    public async Task Lists_every_client_once_in_the_order_of_creation()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(45);
        List<string> listed = [];
        string? cursor = null;
        do
        {
            JsonNode page = await PageAsync(session, 7, cursor);
            listed.AddRange(Ids(page));
            cursor = Cursor(page);
        }
        while (cursor is not null);

        Assert.Equal([session.Server.AdminClientId, .. seeded], listed);
    }

    [Fact]
    public async Task Misses_and_repeats_no_client_while_clients_are_deleted_and_created_between_pages()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        IReadOnlyList<string> seeded = session.Server.SeedClients(60);
        List<string> listed = [];
        HashSet<string> deleted = [];
        string? cursor = null;
        string? made = null;
        do
        {
            JsonNode page = await PageAsync(session, 10, cursor);
            List<string> ids = [.. Ids(page)];
            listed.AddRange(ids);
            cursor = Cursor(page);
            // The client that the cursor points behind, one that was listed, and one that is yet to come.
            foreach (string id in new[] { ids[^1], ids[ids.Count / 2], seeded[^(deleted.Count + 1)] }.Where(id => id != session.Server.AdminClientId))
            {
                if ((await session.DeleteAsync($"/v1/clients/{id}")).Status == HttpStatusCode.NoContent)
                    deleted.Add(id);
            }

            made ??= session.Server.SeedClient();
        }
        while (cursor is not null);

        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Empty(seeded.Except(listed).Except(deleted));
        Assert.Equal(made, listed[^1]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=21")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=")]
    [InlineData("cursor=")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=AAAAAAAAAAAAAAA=")]
    public async Task Refuses_an_invalid_limit_or_cursor(string query)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await session.GetAsync($"/v1/clients?{query}")).Status);
    }

    [Fact]
    public async Task Sends_twenty_by_default_and_no_next_page_after_a_full_last_one()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.SeedClients(39);
        JsonNode first = (await session.GetAsync("/v1/clients")).Json;
        Assert.Equal(20, Ids(first).Count());
        JsonNode second = await PageAsync(session, 20, Cursor(first));
        Assert.Equal(20, Ids(second).Count());
        Assert.Null(Cursor(second));
        Assert.Null(second["links"]!["next"]);
    }

    [Theory]
    [InlineData(PagingStyle.CursorAndLink, true, true)]
    [InlineData(PagingStyle.CursorOnly, true, false)]
    [InlineData(PagingStyle.LinkOnly, false, true)]
    public async Task Names_the_next_page_in_the_configured_form(PagingStyle style, bool inPagination, bool inLinks)
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Paging = style });
        session.Server.SeedClients(5);
        JsonNode page = await PageAsync(session, 3, null);
        Assert.Equal(inPagination, Cursor(page) is not null);
        string? next = page["links"]!["next"]?["href"]!.GetValue<string>();
        Assert.Equal(inLinks, next is not null);
        if (next is not null)
            Assert.Equal(3, Ids((await session.GetAsync(next)).Json).Count());
    }

    [Fact]
    public async Task Omits_the_keys_of_a_listing_if_configured()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { ListOmitsKeys = true });
        Assert.Null((await PageAsync(session, 1, null))["clients"]![0]!["verificationKeys"]);
        Assert.NotNull((await session.GetAsync($"/v1/clients/{session.Server.AdminClientId}")).Json["verificationKeys"]);
    }

    [Fact]
    public async Task Pages_through_ten_thousand_clients()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        session.Server.SeedClients(10_000);
        int count = 0;
        string? cursor = null;
        do
        {
            JsonNode page = await PageAsync(session, 20, cursor);
            count += Ids(page).Count();
            cursor = Cursor(page);
        }
        while (cursor is not null);
        Assert.Equal(10_001, count);
    }

    private static async Task<JsonNode> PageAsync(EmulatorSession session, int limit, string? cursor) =>
        (await session.GetAsync($"/v1/clients?limit={limit}" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"))).Json;

    private static IEnumerable<string> Ids(JsonNode page) => page["clients"]!.AsArray().Select(client => client!["clientId"]!.GetValue<string>());

    private static string? Cursor(JsonNode page) => page["pagination"]?["next"]!["cursor"]!.GetValue<string>();
}
