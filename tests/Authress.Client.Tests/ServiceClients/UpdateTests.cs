using System.Text.Json.Nodes;
using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Emulator.ServiceClients;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Changing a service client: read, merge, write the whole object back.</summary>
public class UpdateTests
{
    /// <summary>A client with members at every level that this library does not know, of every kind of JSON.</summary>
    private const string FromTheFuture =
        """
        {
          "name": "old",
          "options": { "grantUserPermissionsAccess": true, "grantTokenGeneration": false, "newOption": { "x": [1, null, "é"] }, "off": null },
          "rateLimits": [ { "duration": "PT1H", "quota": 1000, "burst": 5, "per": { "ip": true } } ],
          "tags": { "env": "test" },
          "colour": "blue",
          "exact": 12345678901234567890.1234567890,
          "huge": 1e400,
          "tail": 1.50,
          "deep": [ { "a": { "b": [ [ ] ] } }, false ],
          "nothing": null,
          "": "no name",
          "Name": "of another case"
        }
        """;

    [Fact]
    public async Task Only_the_given_fields_change_on_the_server_and_in_the_response()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient client = (await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default)).Client;

        ServiceClientSnapshot stored = session.Server.FindClient(id)!;
        Assert.Equal(("new", true, false), (stored.Name, stored.GrantUserPermissionsAccess, stored.GrantTokenGeneration));
        Assert.Equal([new ClientRateLimit("PT1H", 1000)], stored.RateLimits);
        Assert.Equal("test", stored.Tags["env"]);
        Assert.Equal(("new", true, "env=test", "PT1H:1000"), (client.Name, client.GrantUserPermissionsAccess, client.Tag.ToString(), client.RateLimit!.ToString()));
        Assert.Equal([$"GET /v1/clients/{id}", $"PUT /v1/clients/{id}"], session.Sent);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "name", """{"name":"new"}""" },
        { "no name", """{"name":null}""" },
        { "tags", """{"tags":{"a":"1","b":"ü"}}""" },
        { "no tags", """{"tags":{}}""" },
        { "rate limit", """{"rateLimits":[{"duration":"P1D","quota":100,"burst":5,"per":{"ip":true}}]}""" },
        { "quota", """{"rateLimits":[{"duration":"PT1H","quota":null,"burst":5,"per":{"ip":true}}]}""" },
        { "no rate limit", """{"rateLimits":[]}""" },
        { "one option", """{"options":{"grantUserPermissionsAccess":false,"grantTokenGeneration":false,"newOption":{"x":[1,null,"é"]},"off":null}}""" },
        { "the other option", """{"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true,"newOption":{"x":[1,null,"é"]},"off":null}}""" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_whole_object_is_sent_with_unknown_members_and_without_read_only_ones(string change, string difference)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        session.Server.IssueAccessKey(id);
        await session.Api.UpdateServiceClientAsync(
            id,
            change switch
            {
                "name" => new() { Name = new("new") },
                "no name" => new() { Name = new(null) },
                "tags" => new() { Tag = new(TagMap.Parse("a=1;b=ü")) },
                "no tags" => new() { Tag = new([]) },
                "rate limit" => new() { RateLimit = new(new RateLimit("P1D", 100)) },
                "quota" => new() { RateLimit = new(new RateLimit("PT1H", null)) },
                "no rate limit" => new() { RateLimit = new(null) },
                "one option" => new() { GrantUserPermissionsAccess = new(false) },
                _ => new ServiceClientChange { GrantTokenGeneration = new(true) },
            },
            default);

        JsonObject expected = JsonNode.Parse(FromTheFuture)!.AsObject();
        foreach ((string member, JsonNode? value) in JsonNode.Parse(difference)!.AsObject())
            expected[member] = value?.DeepClone();
        AssertSame(expected, session.LastUpdate);
    }

    [Fact]
    public async Task Numbers_are_sent_back_digit_by_digit()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        string sent = session.LastRequest.Body;
        Assert.Contains("12345678901234567890.1234567890", sent, StringComparison.Ordinal);
        Assert.Contains("1e400", sent, StringComparison.Ordinal);
        Assert.Contains("1.50", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_only_members_are_never_sent()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"old"}""");
        session.Server.IssueAccessKey(id);
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default);
        Assert.DoesNotContain(session.LastUpdate, member => member.Key is "clientId" or "createdTime" or "verificationKeys" or "links");
        Assert.Single(session.Server.FindClient(id)!.Keys);
    }

    [Fact]
    public async Task Values_that_the_model_cannot_show_are_sent_back_unchanged()
    {
        const string odd = """{"clientId":"sc_a","name":"a","tags":{"a":null},"rateLimits":[{"duration":"PT7M","quota":7},{"duration":"PT1H"}],"options":{"grantTokenGeneration":null}}""";
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(odd));
        using AuthressApi api = TestApi.Connect(server.Url);
        await api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("b") }, default);
        JsonObject sent = JsonNode.Parse(server.Requests[1].Body)!.AsObject();
        Assert.Equal("""{"a":null}""", sent["tags"]!.ToJsonString());
        Assert.Equal(["PT7M", "PT1H"], sent["rateLimits"]!.AsArray().Select(limit => limit!["duration"]!.GetValue<string>()));
        Assert.Null(sent["options"]!["grantTokenGeneration"]);
    }

    [Fact]
    public async Task Nothing_is_written_if_nothing_changes()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClientChange[] idle =
        [
            new(),
            new() { Name = new("old") },
            new() { Tag = new(TagMap.Parse("env=test")) },
            new() { RateLimit = new(new RateLimit("PT1H", 1000)) },
            new() { GrantUserPermissionsAccess = new(true), GrantTokenGeneration = new(false) },
            ServiceClientChange.FromEdited(await session.Api.GetServiceClientAsync(id, default), out _),
        ];
        foreach (ServiceClientChange change in idle)
        {
            ServiceClientUpdateResult result = await session.Api.UpdateServiceClientAsync(id, change, default);
            Assert.Equal(("old", false), (result.Client.Name, result.WasWritten));
        }

        Assert.DoesNotContain(session.Server.Requests, request => request.Method == "PUT");
    }

    [Fact]
    public async Task Tags_in_another_order_are_the_same_tags()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("""{"tags":{"a":"1","b":"2"}}""");
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Tag = new(TagMap.Parse("b=2;a=1")) }, default);
        Assert.True((await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Tag = new(TagMap.Parse("A=1;b=2")) }, default)).WasWritten);
        Assert.Equal(1, session.Server.Requests.Count(request => request.Method == "PUT"));
        Assert.Equal(["A", "b"], session.Server.FindClient(id)!.Tags.Keys);
    }

    [Fact]
    public async Task An_edited_object_writes_only_the_edits()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient edited = await session.Api.GetServiceClientAsync(id, default);
        edited.Name = "mine";
        await session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Tag = new(TagMap.Parse("env=theirs")), GrantTokenGeneration = new(true) }, default);

        ServiceClient merged = (await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(edited, out IReadOnlyList<string> emptied), default)).Client;

        Assert.Empty(emptied);
        Assert.Equal(("mine", "env=theirs", true), (merged.Name, merged.Tag.ToString(), merged.GrantTokenGeneration));
        ServiceClientSnapshot stored = session.Server.FindClient(id)!;
        Assert.Equal(("mine", "theirs", true), (stored.Name, stored.Tags["env"], stored.GrantTokenGeneration));
        Assert.Contains("colour", stored.UnknownMembers);
    }

    [Fact]
    public async Task An_object_from_a_list_can_be_edited_as_well()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient edited = (await session.Api.ListServiceClientsAsync(null, null, default)).Clients.Single(client => client.ClientId == id);
        edited.Tag["env"] = "prod";
        await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(edited, out _), default);
        JsonObject expected = JsonNode.Parse(FromTheFuture)!.AsObject();
        expected["tags"]!["env"] = "prod";
        AssertSame(expected, session.LastUpdate);
    }

    [Fact]
    public async Task An_object_can_be_edited_again_after_it_was_written()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient client = await session.Api.GetServiceClientAsync(id, default);
        client.Name = "second";
        client = (await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(client, out _), default)).Client;
        client.Name = "third";
        client = (await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(client, out _), default)).Client;
        Assert.Equal("third", session.Server.FindClient(id)!.Name);
        Assert.True(ServiceClientChange.FromEdited(client, out _).IsEmpty);
    }

    public static TheoryData<string, string, string, string> Conflicts => new()
    {
        { nameof(ServiceClient.Name), "old", "mine", "theirs" },
        { nameof(ServiceClient.Tag), "env=test", "env=mine", "env=theirs" },
        { nameof(ServiceClient.RateLimit), "PT1H:1000", "PT5M:100", "P1D" },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task A_concurrent_change_of_an_edited_field_is_a_conflict(string field, string fetched, string mine, string theirs)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient edited = await session.Api.GetServiceClientAsync(id, default);
        await session.Api.UpdateServiceClientAsync(id, Set(new ServiceClientChange(), field, theirs), default);
        Edit(edited, field, mine);
        edited.GrantTokenGeneration = true;
        session.Server.ClearRequests();

        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(
            () => session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(edited, out _), default));

        Assert.Equal((ApiFailure.EditConflict, false), (error.Failure, error.OutcomeUnknown));
        Assert.All([id, field, $"'{fetched}'", $"'{mine}'", $"'{theirs}'"], reported => Assert.Contains(reported, error.Message, StringComparison.Ordinal));
        Assert.Equal([$"GET /v1/clients/{id}"], session.Sent);
        Assert.False(session.Server.FindClient(id)!.GrantTokenGeneration);
    }

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task The_same_concurrent_edit_is_not_a_conflict(string field, string fetched, string mine, string theirs)
    {
        Assert.NotEqual(fetched, theirs);
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient edited = await session.Api.GetServiceClientAsync(id, default);
        await session.Api.UpdateServiceClientAsync(id, Set(new ServiceClientChange(), field, mine), default);
        Edit(edited, field, mine);
        session.Server.ClearRequests();
        await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(edited, out _), default);
        Assert.Equal([$"GET /v1/clients/{id}"], session.Sent);
    }

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task A_concurrent_change_of_another_field_is_kept(string field, string fetched, string mine, string theirs)
    {
        Assert.NotEqual(fetched, mine);
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        ServiceClient edited = await session.Api.GetServiceClientAsync(id, default);
        await session.Api.UpdateServiceClientAsync(id, Set(new ServiceClientChange(), field, theirs), default);
        edited.GrantTokenGeneration = true;
        ServiceClient merged = (await session.Api.UpdateServiceClientAsync(id, ServiceClientChange.FromEdited(edited, out _), default)).Client;
        Assert.True(merged.GrantTokenGeneration);
        Assert.Equal(theirs, field switch { "Name" => merged.Name, "Tag" => merged.Tag.ToString(), _ => merged.RateLimit!.ToString() });
    }

    [Fact]
    public async Task A_client_deleted_in_between_is_a_404()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient(FromTheFuture);
        session.Server.AddFault("PUT", "*", new Authress.Emulator.Faults.StatusFault(404));
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(
            () => session.Api.UpdateServiceClientAsync(id, new ServiceClientChange { Name = new("new") }, default));
        Assert.Equal((404, "PUT", false), (error.StatusCode, error.Method, error.OutcomeUnknown));
    }

    private static ServiceClientChange Set(ServiceClientChange change, string field, string value)
    {
        switch (field)
        {
            case nameof(ServiceClient.Name):
                change.Name = new(value);
                break;
            case nameof(ServiceClient.Tag):
                change.Tag = new(TagMap.Parse(value));
                break;
            default:
                change.RateLimit = new(RateLimit.Parse(value));
                break;
        }

        return change;
    }

    private static void Edit(ServiceClient client, string field, string value)
    {
        switch (field)
        {
            case nameof(ServiceClient.Name):
                client.Name = value;
                break;
            case nameof(ServiceClient.Tag):
                client.Tag = TagMap.Parse(value);
                break;
            default:
                client.RateLimit = RateLimit.Parse(value);
                break;
        }
    }

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected.ToJsonString()}\nbut was {actual.ToJsonString()}");
}
