using Authress.Bench.Reports;
using Authress.Bench.Server;
using Authress.Bench.Subjects;

namespace Authress.Bench.Benchmarks;

/// <summary>Creates clients while some of the responses are 429. Measures throughput, and verifies that everything is done once.</summary>
internal static class RefusalBenchmark
{
    public const int RefusedPercent = 5;

    public static async Task<IReadOnlyList<RefusalResults>> RunAsync(Plan plan, CannedServer server, IReadOnlyList<BenchmarkSubject> subjects, BulkResults bulk, CancellationToken cancellationToken)
    {
        List<RefusalResults> all = [];
        foreach (int latency in (int[])[0, BulkBenchmark.Latency])
        {
            await Console.Error.WriteLineAsync($"{RefusedPercent} % refused, {latency} ms");
            foreach (BenchmarkSubject subject in subjects.Where(subject => subject.Kind is SubjectKind.Library or SubjectKind.Module))
            {
                double rate = bulk.Throughput(new Work(Operation.Create, latency, BulkBenchmark.ManyInFlight), subject.Kind)!.Median;

                // Long enough that waits after a refusal are only a part of it.
                int count = (int)(rate * plan.Measurement.TotalSeconds * 2);
                RefusalResults results = new(subject.Kind, latency);
                for (int round = 0; round < plan.Rounds; round++)
                {
                    results.Without.Add((await MeasureAsync(server, subject, latency, 0, count, cancellationToken)).Outcome);
                    results.Add(await MeasureAsync(server, subject, latency, RefusedPercent, count, cancellationToken));
                }

                all.Add(results);
            }
        }

        return all;
    }

    private static async Task<(Outcome Outcome, ServerCounts Counts)> MeasureAsync(CannedServer server, BenchmarkSubject subject, int latency, int percent, int count, CancellationToken cancellationToken)
    {
        await server.SetAsync(new ServerSettings(latency, percent, KeepsLedger: true), cancellationToken);
        Outcome outcome = await subject.RunAsync(Operation.Create, BulkBenchmark.ManyInFlight, count, cancellationToken);
        return (outcome, await server.CountsAsync(cancellationToken));
    }
}

/// <summary>The results of one subject with refusals.</summary>
internal sealed class RefusalResults(SubjectKind subject, int latencyMilliseconds)
{
    private readonly List<Outcome> _with = [];

    public SubjectKind Subject { get; } = subject;

    public int LatencyMilliseconds { get; } = latencyMilliseconds;

    public List<Outcome> Without { get; } = [];

    public int Wanted { get; private set; }

    public int Done { get; private set; }

    public int DoneTwice { get; private set; }

    public long Refused { get; private set; }

    public long Requests { get; private set; }

    public string? FirstError => _with.Select(outcome => outcome.FirstError).FirstOrDefault(error => error is not null);

    /// <summary>Whether the server did everything once, and the client reported success.</summary>
    public bool IsComplete => Done == Wanted && DoneTwice == 0 && _with.TrueForAll(outcome => outcome.Failed == 0);

    public Spread? Ratio => Spread.OfRatios(_with.Select(outcome => outcome.OperationsPerSecond), Without.Select(outcome => outcome.OperationsPerSecond));

    public void Add((Outcome Outcome, ServerCounts Counts) measured)
    {
        _with.Add(measured.Outcome);
        Wanted += measured.Outcome.Done + measured.Outcome.Failed;
        Done += measured.Counts.Done;
        DoneTwice += measured.Counts.DoneTwice;
        Refused += measured.Counts.Refused;
        Requests += measured.Counts.Requests.Values.Sum();
    }
}
