using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Random histories of several destinations of one client.</summary>
public class RotationDestinationsTests(ITestOutputHelper output)
{
    private const int Histories = 150;

    private static readonly int[] KnownSeeds = [1, 2];

    public static TheoryData<int> Seeds => [.. KnownSeeds, Environment.TickCount];

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task No_rotation_deletes_what_another_destination_holds_or_keeps(int seed)
    {
        output.WriteLine($"seed {seed}");
        Dictionary<string, long> counts = [];
        for (int number = 0; number < Histories; number++)
        {
            List<string> log = [];
            DestinationsHistory history = DestinationsHistory.Of(seed, number, log.Add);
            string? wrong = await history.PlayAsync(DestinationsHistory.Steps);
            Assert.True(wrong is null, $"History {number} of seed {seed}: {wrong}{Environment.NewLine}{string.Join(Environment.NewLine, log)}");
            foreach (KeyValuePair<string, long> count in history.Counts)
                counts[count.Key] = counts.GetValueOrDefault(count.Key) + count.Value;
        }

        foreach (KeyValuePair<string, long> count in counts.OrderBy(count => count.Key, StringComparer.Ordinal))
            output.WriteLine($"{count.Key,-60} {count.Value,8}");
        if (KnownSeeds.Contains(seed))
            Assert.All(["Start Delivered", "Complete Completed", "Complete RotationKeyInUse", "deleted by Complete"], what => Assert.True(counts.GetValueOrDefault(what) > 0, what));
    }
}
