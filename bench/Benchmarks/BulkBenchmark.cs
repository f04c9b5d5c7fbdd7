using Authress.Bench.Contenders;
using Authress.Bench.Server;

namespace Authress.Bench.Benchmarks;

/// <summary>One kind of work that all contenders do.</summary>
internal readonly record struct Work(Operation Operation, int LatencyMilliseconds, int InFlight);

/// <summary>The operations on single clients, one at a time and sixteen, with and without latency, by everybody.</summary>
internal static class BulkBenchmark
{
    public const int ManyInFlight = 16;
    public const int Latency = 20;

    public static IReadOnlyList<Work> All { get; } =
    [
        .. from latency in (int[])[0, Latency]
           from inFlight in (int[])[1, ManyInFlight]
           from operation in (Operation[])[Operation.Get, Operation.Create, Operation.Delete]
           select new Work(operation, latency, inFlight),
    ];

    public static async Task<BulkResults> RunAsync(Plan plan, CannedServer server, IReadOnlyList<Contender> contenders, CancellationToken cancellationToken)
    {
        Dictionary<(Work, ContenderKind), int> counts = [];
        BulkResults results = new();

        // Round 0 warms up, and tells how many operations make a measurement of the wanted length.
        for (int round = 0; round <= plan.Rounds; round++)
        {
            await Console.Error.WriteLineAsync(round == 0 ? "Single clients: warming up" : $"Single clients: round {round} of {plan.Rounds}");
            foreach (Work work in All)
            {
                await server.SetAsync(new ServerSettings(work.LatencyMilliseconds), cancellationToken);
                foreach (Contender contender in contenders)
                {
                    if (round == 0)
                    {
                        int count = await FindCountAsync(plan, contender, work, cancellationToken);
                        counts[(work, contender.Kind)] = count;
                    }
                    else
                    {
                        results.Add(work, contender.Kind, await MeasureAsync(contender, work, counts[(work, contender.Kind)], cancellationToken));
                    }
                }
            }
        }

        return results;
    }

    private static async Task<int> FindCountAsync(Plan plan, Contender contender, Work work, CancellationToken cancellationToken)
    {
        int least = work.InFlight * plan.LeastPerRequestInFlight;
        int count = least;

        // More than once, since the first time is mostly compilation.
        for (int i = 0; i < 3; i++)
        {
            Outcome outcome = await MeasureAsync(contender, work, count, cancellationToken);
            count = Math.Max(least, (int)(outcome.OperationsPerSecond * plan.Measurement.TotalSeconds));
        }

        return count;
    }

    private static async Task<Outcome> MeasureAsync(Contender contender, Work work, int count, CancellationToken cancellationToken)
    {
        Outcome outcome = await contender.RunAsync(work.Operation, work.InFlight, count, cancellationToken);
        return outcome.Failed == 0 ? outcome : throw new InvalidOperationException($"{contender.Kind.Name()}: {outcome.Failed} of {count} failed: {outcome.FirstError}");
    }
}
