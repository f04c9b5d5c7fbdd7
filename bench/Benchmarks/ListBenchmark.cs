using Authress.Bench.Reports;
using Authress.Bench.Server;
using Authress.Bench.Subjects;

namespace Authress.Bench.Benchmarks;

/// <summary>The whole list of clients, page after page.</summary>
internal static class ListBenchmark
{
    public static IReadOnlyList<SubjectKind> Subjects { get; } = [SubjectKind.Http, SubjectKind.Library, SubjectKind.Module];

    public static async Task<IReadOnlyList<ListResults>> RunAsync(Plan plan, CannedServer server, CancellationToken cancellationToken) =>
    [
        await RunAsync(plan, server, new ServerSettings(ListedClients: plan.ListedClients), cancellationToken),
        await RunAsync(plan, server, new ServerSettings(BulkBenchmark.Latency, ListedClients: plan.ListedClientsWithLatency), cancellationToken),
    ];

    // A new process each time, because memory that was used before would hide the growth.
    private static async Task<ListResults> RunAsync(Plan plan, CannedServer server, ServerSettings settings, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"List of {settings.ListedClients:N0}, {settings.LatencyMilliseconds} ms a page");
        await server.SetAsync(settings, cancellationToken);
        List<BenchmarkSubject> subjects = [];
        try
        {
            foreach (SubjectKind kind in Subjects)
                subjects.Add((await BenchmarkSubject.StartAsync(kind, server.Url, cancellationToken))!);
            ListResults results = new(settings);
            for (int round = 0; round <= plan.Rounds; round++)
            {
                foreach (BenchmarkSubject subject in subjects)
                    results.Add(subject.Kind, round, await subject.RunAsync(Operation.List, inFlight: 1, settings.ListedClients, cancellationToken));
            }

            foreach (BenchmarkSubject subject in subjects)
                results.PeakMemory[subject.Kind] = subject.PeakMemory;
            return results;
        }
        finally
        {
            foreach (BenchmarkSubject subject in subjects)
                await subject.DisposeAsync();
        }
    }
}

/// <summary>The results of listing with one set of settings.</summary>
internal sealed class ListResults(ServerSettings settings)
{
    private readonly Dictionary<SubjectKind, Outcome> _first = [];
    private readonly Dictionary<SubjectKind, List<Outcome>> _rounds = ListBenchmark.Subjects.ToDictionary(kind => kind, _ => new List<Outcome>());

    public ServerSettings Settings { get; } = settings;

    public Dictionary<SubjectKind, long> PeakMemory { get; } = [];

    public void Add(SubjectKind subject, int round, Outcome outcome)
    {
        if (round == 0)
            _first.Add(subject, outcome);
        else
            _rounds[subject].Add(outcome);
    }

    /// <summary>The growth of the process after the first object, in its first listing.</summary>
    public long WorkingSetGrowth(SubjectKind subject) => _first[subject].WorkingSetGrowth!.Value;

    /// <inheritdoc cref="WorkingSetGrowth" />
    public long HeapGrowth(SubjectKind subject) => _first[subject].HeapGrowth!.Value;

    public Spread Throughput(SubjectKind subject) => Spread.Of(Rates(subject))!;

    public Spread FirstObject(SubjectKind subject) => Spread.Of(FirstObjects(subject))!;

    public Spread BytesPerClient(SubjectKind subject) => Spread.Of(_rounds[subject].Select(outcome => outcome.BytesPerOperation!.Value))!;

    public Spread Ratio(SubjectKind subject) => Spread.OfRatios(Rates(subject), Rates(SubjectKind.Http))!;

    /// <summary>The time to the first object, as a multiple of the bare HttpClient's time to the first page.</summary>
    public Spread FirstObjectRatio(SubjectKind subject) => Spread.OfRatios(FirstObjects(subject), FirstObjects(SubjectKind.Http))!;

    private IEnumerable<double> Rates(SubjectKind subject) => _rounds[subject].Select(outcome => outcome.OperationsPerSecond);

    private IEnumerable<double> FirstObjects(SubjectKind subject) => _rounds[subject].Select(outcome => outcome.FirstSeconds!.Value);
}
