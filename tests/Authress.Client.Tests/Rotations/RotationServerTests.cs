using Authress.Client.Rotations;
using Authress.Client.Tests.AccessKeys;
using Authress.Client.Tests.Transport;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Rotations;

/// <summary>The account over a connection.</summary>
public class RotationServerTests
{
    [Theory]
    [InlineData("Date: Tue, 03 Jun 2025 10:00:00 GMT", -84600)]
    [InlineData("X-Other: 1", null)]
    public async Task Knows_how_far_the_clock_is_off_from_the_list_of_keys(string header, int? seconds)
    {
        await using ScriptedServer scripted = ScriptedServer.Start(ScriptedResponse.Json("""{"clientId":"sc_a"}""", 200, header));
        using AuthressApi api = TestApi.Connect(scripted.Url, now: () => new DateTimeOffset(2025, 6, 2, 10, 30, 0, TimeSpan.Zero).AddSeconds(0.5));
        RotationServer server = new(api, client => client, CancellationToken.None);
        Assert.Empty(await server.ListKeysAsync("sc_a", CancellationToken.None));
        Assert.Equal(seconds is { } skew ? TimeSpan.FromSeconds(skew) : null, server.ClockSkew);
    }

    [Theory]
    [MemberData(nameof(UnknownKeyTests.AllForms), MemberType = typeof(UnknownKeyTests))]
    public async Task Knows_the_public_half_of_every_key_whatever_form_it_is_shown_in(PublicKeyForm form)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        RotationServer server = new(session.Api, client => client, CancellationToken.None);
        string id = session.Server.SeedClient();
        session.Server.IssueAccessKey(id);
        session.Server.AddLegacyRsaKey(id);
        Assert.Equal(
            session.Server.FindClient(id)!.Keys.Select(key => (key.KeyId, key.PublicKey)),
            (await server.ListKeysAsync(id, CancellationToken.None)).Select(key => (key.KeyId, key.PublicKey!)));
    }
}
