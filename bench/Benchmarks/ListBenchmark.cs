using Authress.Bench.Contenders;
using Authress.Bench.Reports;
using Authress.Bench.Server;

namespace Authress.Bench.Benchmarks;

/// <summary>The whole list of clients, page after page.</summary>
internal static class ListBenchmark
{
    public static IReadOnlyList<ContenderKind> Contenders { get; } = [ContenderKind.Http, ContenderKind.Library, ContenderKind.Module];

    public static async Task<IReadOnlyList<ListResults>> RunAsync(Plan plan, CannedServer server, CancellationToken cancellationToken) =>
    [
        await RunAsync(plan, server, new ServerSettings(ListedClients: plan.ListedClients), cancellationToken),
        await RunAsync(plan, server, new ServerSettings(BulkBenchmark.Latency, ListedClients: plan.ListedClientsWithLatency), cancellationToken),
    ];

    // Processes of their own for each, so that the growth of memory is not hidden by what was needed before.
    private static async Task<ListResults> RunAsync(Plan plan, CannedServer server, ServerSettings settings, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"List of {settings.ListedClients:N0}, {settings.LatencyMilliseconds} ms a page");
        await server.SetAsync(settings, cancellationToken);
        List<Contender> contenders = [];
        try
        {
            foreach (ContenderKind kind in Contenders)
                contenders.Add((await Contender.StartAsync(kind, server.Url, cancellationToken))!);
            ListResults results = new(settings);
            for (int round = 0; round <= plan.Rounds; round++)
            {
                foreach (Contender contender in contenders)
                    results.Add(contender.Kind, round, await contender.RunAsync(Operation.List, inFlight: 1, settings.ListedClients, cancellationToken));
            }

            foreach (Contender contender in contenders)
                results.PeakMemory[contender.Kind] = contender.PeakMemory;
            return results;
        }
        finally
        {
            foreach (Contender contender in contenders)
                await contender.DisposeAsync();
        }
    }
}

/// <summary>What came of listing under one set of settings.</summary>
internal sealed class ListResults(ServerSettings settings)
{
    private readonly Dictionary<ContenderKind, Outcome> _first = [];
    private readonly Dictionary<ContenderKind, List<Outcome>> _rounds = ListBenchmark.Contenders.ToDictionary(kind => kind, _ => new List<Outcome>());

    public ServerSettings Settings { get; } = settings;

    public Dictionary<ContenderKind, long> PeakMemory { get; } = [];

    public void Add(ContenderKind contender, int round, Outcome outcome)
    {
        if (round == 0)
            _first.Add(contender, outcome);
        else
            _rounds[contender].Add(outcome);
    }

    /// <summary>What the process grew by from the first object on, in the first listing that it made at all.</summary>
    public long WorkingSetGrowth(ContenderKind contender) => _first[contender].WorkingSetGrowth!.Value;

    /// <inheritdoc cref="WorkingSetGrowth" />
    public long HeapGrowth(ContenderKind contender) => _first[contender].HeapGrowth!.Value;

    public Spread Throughput(ContenderKind contender) => Spread.Of(Rates(contender))!;

    public Spread FirstObject(ContenderKind contender) => Spread.Of(FirstObjects(contender))!;

    public Spread BytesPerClient(ContenderKind contender) => Spread.Of(_rounds[contender].Select(outcome => outcome.BytesPerOperation!.Value))!;

    public Spread Ratio(ContenderKind contender) => Spread.OfRatios(Rates(contender), Rates(ContenderKind.Http))!;

    /// <summary>When the first object was there, as a multiple of when the bare HttpClient had read the first page.</summary>
    public Spread FirstObjectRatio(ContenderKind contender) => Spread.OfRatios(FirstObjects(contender), FirstObjects(ContenderKind.Http))!;

    private IEnumerable<double> Rates(ContenderKind contender) => _rounds[contender].Select(outcome => outcome.OperationsPerSecond);

    private IEnumerable<double> FirstObjects(ContenderKind contender) => _rounds[contender].Select(outcome => outcome.FirstSeconds!.Value);
}
