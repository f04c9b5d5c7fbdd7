using System.Globalization;
using CsCheck;

namespace Authress.Client.Tests.Transport;

/// <summary>CsCheck has no build for .NET Framework.</summary>
public partial class RetryTests
{
    [Fact]
    public Task Any_number_of_seconds_that_fits_is_waited_and_any_other_is_not() => Gen.Int[1, 200].SampleAsync(
        async seconds =>
        {
            await using ScriptedServer server = ScriptedServer.Start(ScriptedAnswer.Empty(503, "Retry-After: " + seconds.ToString(CultureInfo.InvariantCulture)));
            TestTime time = new();
            using AuthressApi api = TestApi.Connect(server.Url, retries: 10, retryWait: TimeSpan.FromSeconds(100), time: time);
            AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => api.ProbeAsync(default));
            Assert.Equal(1 + Math.Min(10, 100 / seconds), server.Requests.Count);
            Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
        },
        iter: 60);
}
