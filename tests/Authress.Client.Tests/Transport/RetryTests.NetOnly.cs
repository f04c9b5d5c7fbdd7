using System.Globalization;
using CsCheck;

namespace Authress.Client.Tests.Transport;

/// <summary>CsCheck has no build for .NET Framework.</summary>
public partial class RetryTests
{
    [Fact]
    public Task A_Retry_After_is_obeyed_exactly_if_it_fits() => Gen.Int[1, 200].SampleAsync(
        async seconds =>
        {
            await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(503, "Retry-After: " + seconds.ToString(CultureInfo.InvariantCulture)));
            TestTime time = new();
            using AuthressApi api = TestApi.Connect(server.Url, retries: 10, retryWait: TimeSpan.FromSeconds(100), time: time);
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
            Assert.Equal(1 + Math.Min(10, 100 / seconds), server.Requests.Count);
            Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
        },
        iter: 60);
}
