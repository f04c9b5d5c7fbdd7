using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.Transport;

/// <summary>The findings of HostileRun, one test each.</summary>
public class HostileResponseTests
{
    [Theory]
    [InlineData("""{"name":"\udc00"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""["\ud800\u0041"]""")]
    public async Task A_response_of_any_route_with_half_a_surrogate_pair_is_unusable(string body)
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json(body));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.SendAsync("GET", "/v1/users", null, default));
        Assert.Equal((ApiFailure.InvalidResponse, false), (error.Failure, error.OutcomeUnknown));
    }

    [Fact]
    public async Task A_client_with_an_unknown_member_that_can_not_be_written_back_is_not_written()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clientId":"sc_a","name":"a","options":{"later":"\udc00"}}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new("b") }, default));
        Assert.Equal((ApiFailure.InvalidResponse, false), (error.Failure, error.OutcomeUnknown));
        Assert.Equal(["GET"], server.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task A_response_dated_at_an_end_of_the_calendar_hides_no_unknown_outcome(string date)
    {
        await using ScriptedServer server = ScriptedServer.Start(request => request.Method == "POST"
            ? ScriptedResponse.Empty(500, "Date: " + date)
            : ScriptedResponse.Json("""{"clientId":"sc_a","verificationKeys":[{"keyId":"k1","generationDate":"2026-01-02T03:04:05Z"}],"clients":[]}"""));
        using AuthressApi api = TestApi.Connect(server.Url);
        AuthressApiException noKey = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateAccessKeyAsync("sc_a", default));
        Assert.Equal((ApiFailure.Status, 500, true), (noKey.Failure, noKey.StatusCode, noKey.OutcomeUnknown));

        AuthressApiException noClient = await Assert.ThrowsAsync<AuthressApiException>(() => api.CreateServiceClientAsync(new ServiceClientChange { Name = new("a") }, default));
        await api.FindCreatedAsync([noClient], default);
        Assert.True(noClient.OutcomeUnknown);
    }

    [Fact]
    public void A_conflict_shows_no_control_characters()
    {
        ServiceClientJson now = new() { ClientId = "sc_a", Name = "red\u001b[31m\u202e" };
        AuthressApiException error = Assert.Throws<AuthressApiException>(() => ServiceClientMerge.Apply(now, new ServiceClientChange { Name = new("mine", "base") }));
        Assert.Equal(ApiFailure.EditConflict, error.Failure);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.DoesNotContain('\u202e', error.Message);
    }
}
