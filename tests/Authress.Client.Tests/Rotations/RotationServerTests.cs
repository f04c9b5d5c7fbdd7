using Authress.Client.Rotations;
using Authress.Client.Tests.Transport;

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
}
