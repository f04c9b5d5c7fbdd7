using Authress.Bench.Benchmarks;
using Authress.Bench.Subjects;

namespace Authress.Bench.Reports;

/// <summary>The targets of the module and the library, as ratios within one run.</summary>
internal static class Targets
{
    private const double Megabyte = 1 << 20;

    private static readonly Operation[] Operations = [Operation.Create, Operation.Get, Operation.Delete];

    public static IEnumerable<Requirement> Of(Report report) =>
        [.. OfBulk(report.Bulk), .. OfLists(report.Lists), .. OfStartUp(report.StartUp), .. OfRefusals(report.Refusals)];

    private static IEnumerable<Requirement> OfBulk(BulkResults bulk) =>
    [
        .. from operation in Operations
           let work = new Work(operation, BulkBenchmark.Latency, BulkBenchmark.ManyInFlight)
           select new Requirement($"{operation} at throttle 16, 20 ms: of bare HttpClient", 0.95, bulk.Ratio(work, SubjectKind.Module, SubjectKind.Http)),
        .. from operation in Operations
           let work = new Work(operation, 0, BulkBenchmark.ManyInFlight)
           let loop = new Work(operation, 0, 1)
           from requirement in (Requirement[])
           [
               new($"{operation} at throttle 16: of bare HttpClient", 0.60, bulk.Ratio(work, SubjectKind.Module, SubjectKind.Http)),
               new($"{operation} at throttle 16: of the JavaScript client", 1.5, bulk.Ratio(work, SubjectKind.Module, SubjectKind.JavaScript)),
               new($"{operation} at throttle 16: of the Invoke-RestMethod loop", 10, bulk.Ratio(work, SubjectKind.Module, loop, SubjectKind.InvokeRestMethod)),
           ]
           select requirement,
        .. from operation in Operations
           let work = new Work(operation, 0, BulkBenchmark.ManyInFlight)
           select new Requirement($"{operation} by the client library, 16 in flight: of bare HttpClient", 0.90, bulk.Ratio(work, SubjectKind.Library, SubjectKind.Http)),
        .. from operation in Operations
           let work = new Work(operation, 0, 1)
           select new Requirement($"{operation} at throttle 1: of bare HttpClient", 0.60, bulk.Ratio(work, SubjectKind.Module, SubjectKind.Http)),
    ];

    private static IEnumerable<Requirement> OfLists(IReadOnlyList<ListResults> lists)
    {
        ListResults fast = lists[0];
        ListResults slow = lists[1];
        double growth = fast.HeapGrowth(SubjectKind.Module) / Megabyte;
        return
        [
            new($"List of {fast.Settings.ListedClients:N0}: of a bare loop", 0.60, fast.Ratio(SubjectKind.Module)),
            new("First object of the list: times the first page", 1.5, fast.FirstObjectRatio(SubjectKind.Module)) { IsUpperBound = true },
            new("Growth of what is in use while the list streams", 16, new Spread(growth, growth, growth)) { IsUpperBound = true, Unit = "MB" },
            new($"List, {slow.Settings.LatencyMilliseconds} ms a page: of a bare loop", 0.98, slow.Ratio(SubjectKind.Module)),
        ];
    }

    private static IEnumerable<Requirement> OfStartUp(StartUpResults startUp) =>
    [
        new("Import over an empty compiled module", 30, startUp.ImportOverEmpty) { IsUpperBound = true, Unit = "ms" },
        new("Cold connect and first get: of the cold first Invoke-RestMethod", 1, startUp.ConnectAndFirstGetRatio) { IsUpperBound = true },
    ];

    private static IEnumerable<Requirement> OfRefusals(IReadOnlyList<RefusalResults> refusals) =>
        from results in refusals
        where results.Subject == SubjectKind.Module
        select new Requirement($"{RefusalBenchmark.RefusedPercent} % refused with 429, {results.LatencyMilliseconds} ms, all done and nothing twice: of the throughput without refusals", 0.80, results.Ratio) { Otherwise = results.IsComplete };
}
