using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

public class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_an_error_and_is_not_followed(int status)
    {
        await using ScriptedServer elsewhere = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("*", "*", new RedirectFault(elsewhere.Url.AbsoluteUri) { Status = status }, times: 0);
        Func<Task>[] calls =
        [
            () => session.Api.ListServiceClientsAsync(null, null, default),
            () => session.Api.GetServiceClientAsync("sc_a", default),
            () => session.Api.CreateAccessKeyAsync("sc_a", default),
            () => session.Api.DeleteServiceClientAsync("sc_a", default),
        ];

        foreach (Func<Task> call in calls)
        {
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(call);
            Assert.Equal((ApiFailure.Status, status, false), (error.Failure, error.StatusCode, error.OutcomeUnknown));
        }

        Assert.Equal(calls.Length, session.Server.Requests.Count);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task A_304_is_an_error()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        session.Server.AddFault("*", "*", new NotModifiedFault());
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ListServiceClientsAsync(null, null, default));
        Assert.Equal((ApiFailure.Status, 304), (error.Failure, error.StatusCode));
    }

    [Fact]
    public async Task The_next_page_is_requested_from_this_server_although_the_link_names_another()
    {
        await using ScriptedServer elsewhere = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));
        await using ScriptedServer server = ScriptedServer.Start(request => request.Target.Contains("cursor", StringComparison.Ordinal)
            ? ScriptedResponse.Json("""{"clients":[]}""")
            : ScriptedResponse.Json("""{"clients":[],"links":{"next":{"href":"ELSEWHERE/steal?limit=5&cursor=c%2B1#x"}}}""".Replace("ELSEWHERE/", elsewhere.Url.AbsoluteUri, StringComparison.Ordinal)));
        using AuthressApi api = TestApi.Connect(server.Url);
        Client.ServiceClients.ServiceClientPager pager = api.PageServiceClients(5, null);
        await pager.NextAsync(default);
        await pager.NextAsync(default);
        Assert.True(pager.AtEnd);
        Assert.Equal(["/v1/clients?limit=5", "/v1/clients?limit=5&cursor=c%2B1"], server.Requests.Select(request => request.Target.Replace("%2b", "%2B", StringComparison.Ordinal)));
        Assert.Equal(0, elsewhere.Connections);
    }
}
