namespace Authress.Client.Tests.Hostile;

/// <summary>
/// A short run of <c>dotnet run -c Release --project bench -- fuzz --cases 1000000</c>. .NET only, as the benchmarks are.
/// </summary>
public class HostileInputTests
{
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 10_000)]
    public async Task Every_hostile_input_is_read_or_refused_with_a_documented_exception(int seed, int cases)
    {
        using HostileRun run = new(seed);
        for (int number = 0; number < cases; number++)
        {
            string? wrong = await run.RunAsync(number).WaitAsync(HostileRun.Patience);
            Assert.True(wrong is null, $"Case {number} of seed {seed}: {wrong}");
        }

        // A test of a key has a result for every response. A run that refuses everything, or nothing, proves nothing.
        Assert.Equal(16, run.Results.Count);
        Assert.True(run.Results["responses to retrieve"].Succeeded > cases / 200);
        Assert.All(run.Results.Where(result => result.Key.StartsWith("responses", StringComparison.Ordinal) && result.Key != "responses to the test of a key"), result => Assert.True(result.Value.Refused > 0, result.Key));
    }
}
