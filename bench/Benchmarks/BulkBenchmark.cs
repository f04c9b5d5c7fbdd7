using Authress.Bench.Server;
using Authress.Bench.Subjects;

namespace Authress.Bench.Benchmarks;

/// <summary>One workload, the same for all subjects.</summary>
internal readonly record struct Work(Operation Operation, int LatencyMilliseconds, int InFlight);

/// <summary>The operations on single clients: 1 and 16 in flight, with and without latency, by every subject.</summary>
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

    public static async Task<BulkResults> RunAsync(Plan plan, CannedServer server, IReadOnlyList<BenchmarkSubject> subjects, CancellationToken cancellationToken)
    {
        Dictionary<(Work, SubjectKind), int> counts = [];
        BulkResults results = new();

        // Round 0 warms up and determines how many operations take the planned time.
        for (int round = 0; round <= plan.Rounds; round++)
        {
            await Console.Error.WriteLineAsync(round == 0 ? "Single clients: warming up" : $"Single clients: round {round} of {plan.Rounds}");
            foreach (Work work in All)
            {
                await server.SetAsync(new ServerSettings(work.LatencyMilliseconds), cancellationToken);
                foreach (BenchmarkSubject subject in subjects)
                {
                    if (round == 0)
                    {
                        int count = await FindCountAsync(plan, subject, work, cancellationToken);
                        counts[(work, subject.Kind)] = count;
                    }
                    else
                    {
                        results.Add(work, subject.Kind, await MeasureAsync(subject, work, counts[(work, subject.Kind)], cancellationToken));
                    }
                }
            }
        }

        return results;
    }

    private static async Task<int> FindCountAsync(Plan plan, BenchmarkSubject subject, Work work, CancellationToken cancellationToken)
    {
        int least = work.InFlight * plan.LeastPerRequestInFlight;
        int count = least;

        // More than once, because the first run is mostly compilation.
        for (int i = 0; i < 3; i++)
        {
            Outcome outcome = await MeasureAsync(subject, work, count, cancellationToken);
            count = Math.Max(least, (int)(outcome.OperationsPerSecond * plan.Measurement.TotalSeconds));
        }

        return count;
    }

    private static async Task<Outcome> MeasureAsync(BenchmarkSubject subject, Work work, int count, CancellationToken cancellationToken)
    {
        Outcome outcome = await subject.RunAsync(work.Operation, work.InFlight, count, cancellationToken);
        return outcome.Failed == 0 ? outcome : throw new InvalidOperationException($"{subject.Kind.Name()}: {outcome.Failed} of {count} failed: {outcome.FirstError}");
    }
}
