namespace Authress.Client.Tests.Hostile;

/// <summary>
/// A short piece of the long run: <c>dotnet run -c Release --project bench -- fuzz --cases 1000000</c>. Built for .NET alone,
/// as that is.
/// </summary>
public class HostileInputTests
{
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 10_000)]
    public async Task Whatever_comes_is_read_or_refused_in_the_ways_that_are_documented(int seed, int cases)
    {
        using HostileRun run = new(seed);
        for (int number = 0; number < cases; number++)
        {
            string? wrong = await run.RunAsync(number).WaitAsync(HostileRun.Patience);
            Assert.True(wrong is null, $"Case {number} of seed {seed}: {wrong}");
        }

        // A run in which everything is refused, or nothing, has tested nothing.
        Assert.Equal(14, run.Ends.Count);
        Assert.True(run.Ends["answers to retrieve"].Well > cases / 200);
        Assert.All(run.Ends.Where(end => end.Key.StartsWith("answers", StringComparison.Ordinal)), end => Assert.True(end.Value.Refused > 0, end.Key));
    }
}
