using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests.ServiceClients;

public class ServiceClientChangeTests
{
    [Fact]
    public void Nothing_given_is_empty_and_anything_given_is_not()
    {
        Assert.True(new ServiceClientChange().IsEmpty);
        Assert.False(new ServiceClientChange { Name = new(null) }.IsEmpty);
        Assert.False(new ServiceClientChange { Tag = new([]) }.IsEmpty);
        Assert.False(new ServiceClientChange { RateLimit = new(null) }.IsEmpty);
        Assert.False(new ServiceClientChange { GrantUserPermissionsAccess = new(false) }.IsEmpty);
        Assert.False(new ServiceClientChange { GrantTokenGeneration = new(false) }.IsEmpty);
    }

    [Fact]
    public void A_handmade_object_gives_the_fields_that_it_has()
    {
        ServiceClientChange bare = ServiceClientChange.FromEdited(new ServiceClient("sc_a"), out IReadOnlyList<string> emptied);
        Assert.Empty(emptied);
        Assert.False(bare.Name.IsGiven || bare.Tag.IsGiven || bare.RateLimit.IsGiven);

        ServiceClientChange full = ServiceClientChange.FromEdited(
            new ServiceClient("sc_a") { Name = "n", Tag = TagMap.Parse("a=1"), RateLimit = new("PT1H", 100), GrantTokenGeneration = true }, out _);
        Assert.Equal(("n", "a=1", "PT1H:100", true), (full.Name.Value, full.Tag.Value.ToString(), full.RateLimit.Value!.ToString(), full.GrantTokenGeneration.Value));
        Assert.False(full.Name.HasOriginalValue || full.Tag.HasOriginalValue || full.RateLimit.HasOriginalValue || full.GrantTokenGeneration.HasOriginalValue);
    }

    [Fact]
    public async Task An_emptied_field_is_reported_and_not_cleared()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient("""{"name":"n","tags":{"a":"1"},"rateLimits":[{"duration":"PT1H"}]}""");
        ServiceClient edited = await session.Api.GetServiceClientAsync(id, default);
        edited.Name = null;
        edited.Tag = null!;
        edited.RateLimit = null;
        ServiceClientChange change = ServiceClientChange.FromEdited(edited, out IReadOnlyList<string> emptied);
        Assert.True(change.IsEmpty);
        Assert.Equal(["Name", "Tag", "RateLimit"], emptied);
    }

    [Fact]
    public async Task Editing_the_tags_in_place_is_an_edit()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClient edited = await session.Api.GetServiceClientAsync(session.Server.SeedClient("""{"tags":{"a":"1"}}"""), default);
        edited.Tag["b"] = "2";
        ServiceClientChange change = ServiceClientChange.FromEdited(edited, out _);
        Assert.Equal(("a=1", "a=1;b=2"), (change.Tag.OriginalValue.ToString(), change.Tag.Value.ToString()));
    }

    [Fact]
    public async Task A_later_edit_does_not_alter_the_change()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        ServiceClient edited = await session.Api.GetServiceClientAsync(session.Server.SeedClient("""{"tags":{"a":"1"}}"""), default);
        edited.Tag["b"] = "2";
        ServiceClientChange change = ServiceClientChange.FromEdited(edited, out _);
        edited.Tag["b"] = "3";
        Assert.Equal("a=1;b=2", change.Tag.Value.ToString());
    }
}
