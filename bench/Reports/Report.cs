using System.Globalization;
using System.Text;
using Authress.Bench.Benchmarks;
using Authress.Bench.Subjects;
using Authress.PinnedShell;

namespace Authress.Bench.Reports;

/// <summary>The page of results.</summary>
internal sealed class Report
{
    private const double Megabyte = 1 << 20;
    private const string NotMeasured = "not measured";

    private static readonly SubjectKind[] Subjects = Enum.GetValues<SubjectKind>();

    public required Plan Plan { get; init; }

    public required StartUpResults StartUp { get; init; }

    public required IReadOnlyList<ListResults> Lists { get; init; }

    public required BulkResults Bulk { get; init; }

    public required IReadOnlyList<RefusalResults> Refusals { get; init; }

    public required IReadOnlyDictionary<SubjectKind, long> PeakMemory { get; init; }

    public required IReadOnlyDictionary<SubjectKind, string> Versions { get; init; }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Benchmarks

            Generated on {DateTime.UtcNow:yyyy-MM-dd} by `dotnet run -c Release --project bench`. Authress's JavaScript client is measured only if Node is on the path and `AUTHRESS_JS` names a folder in which `npm install @authress/sdk` was run.

            {MachineDescription.Text}. {string.Join(", ", Versions.Select(subject => $"{subject.Key.Name()}: {subject.Value}"))}. Every shell is the pinned PowerShell {Pwsh.Version}.

            All clients send requests to a server with fixed responses on the same machine. The server and each client have separate processes. The clients take turns in {Plan.Rounds} rounds after one to warm up. Each figure is the median of the rounds, and each ratio is the median of the rounds' quotients. Ratios compare with a bare `HttpClient` under the same workload: `SocketsHttpHandler`, a constant token and generated JSON. `RestSharp alone` is its streaming call with generated JSON; the client library is based on it and can't be faster.

            ## Targets

            {Required()}
            ## Operations per second

            Ratios to the bare `HttpClient` are in parentheses. `Invoke-RestMethod` runs in a loop for 1 in flight, and in `ForEach-Object -Parallel -ThrottleLimit 16` for 16.

            {Throughput()}
            ## Allocated bytes per operation, and peak memory

            {Memory()}
            ## Processor time per operation, in microseconds

            The processor time of each client's process, without the server's.

            {Processor()}
            ## The list

            Pages of 20. Growth is measured from the first object of a process's first listing: the memory in use, according to the garbage collector, and the working set. The working set is mostly garbage that is not collected yet, for the bare `HttpClient` too, so the target applies to the memory in use.

            {Listing()}
            ## Start-up

            {FirstSteps()}
            ## While {RefusalBenchmark.RefusedPercent} % of the responses are 429

            Clients are created with 16 requests in flight, and the server counts what it has done.

            {Refused()}
            """);
        return text.ToString().TrimEnd() + "\n";
    }

    private MarkdownTable Required()
    {
        MarkdownTable table = new("what", "target", "measured (least to most)", "reached");
        foreach (Requirement requirement in Targets.Of(this))
        {
            string reached = requirement.IsReached switch
            {
                true => "yes",
                false => "**no**",
                null => NotMeasured,
            };
            table.Add(requirement.What, requirement.TargetText, requirement.MeasuredText, reached);
        }

        return table;
    }

    private MarkdownTable Throughput()
    {
        MarkdownTable table = new([.. WorkHeadings, .. Subjects.Select(SubjectNames.Name)]);
        foreach (Work work in BulkBenchmark.All)
        {
            table.Add([.. WorkCells(work), .. Subjects.Select(subject => Bulk.Throughput(work, subject) is { } throughput
                ? Number(throughput.Median) + (subject == SubjectKind.Http ? string.Empty : $" ({Ratio(Bulk.Ratio(work, subject, SubjectKind.Http)!)})")
                : NotMeasured)]);
        }

        return table;
    }

    private MarkdownTable Memory()
    {
        MarkdownTable table = new([.. WorkHeadings, .. Subjects.Select(SubjectNames.Name)]);
        foreach (Work work in BulkBenchmark.All.Where(work => work.LatencyMilliseconds == 0))
            table.Add([.. WorkCells(work), .. Subjects.Select(subject => Bulk.BytesPerOperation(work, subject) is { } bytes ? Number(bytes.Median) : "")]);
        table.Add(["peak memory, MB", "", "", .. Subjects.Select(subject => PeakMemory.TryGetValue(subject, out long peak) ? Number(peak / Megabyte) : NotMeasured)]);
        return table;
    }

    private MarkdownTable Processor()
    {
        MarkdownTable table = new([.. WorkHeadings, .. Subjects.Select(SubjectNames.Name)]);
        foreach (Work work in BulkBenchmark.All.Where(work => work.LatencyMilliseconds == 0))
            table.Add([.. WorkCells(work), .. Subjects.Select(subject => Bulk.ProcessorMicrosecondsPerOperation(work, subject) is { } time ? Number(time.Median) : NotMeasured)]);
        return table;
    }

    private MarkdownTable Listing()
    {
        MarkdownTable table = new("list", "by", "clients a second", "ratio", "first object, ms", "bytes a client", "growth in use, MB", "of the working set, MB", "peak memory, MB");
        foreach (ListResults list in Lists)
        {
            foreach (SubjectKind subject in ListBenchmark.Subjects)
            {
                table.Add(
                    $"{list.Settings.ListedClients:N0} clients, {list.Settings.LatencyMilliseconds} ms a page",
                    subject.Name(),
                    Number(list.Throughput(subject).Median),
                    Ratio(list.Ratio(subject)),
                    Tenths(list.FirstObject(subject).Median * 1000),
                    Number(list.BytesPerClient(subject).Median),
                    Tenths(list.HeapGrowth(subject) / Megabyte),
                    Tenths(list.WorkingSetGrowth(subject) / Megabyte),
                    Number(list.PeakMemory[subject] / Megabyte));
            }
        }

        return table;
    }

    private MarkdownTable FirstSteps()
    {
        MarkdownTable table = new("in a fresh shell", "ms", "least", "most");
        foreach ((string what, Spread? spread) in (IEnumerable<(string, Spread?)>)
        [
            ("import of an empty compiled module", StartUp.ImportEmpty),
            ("import of Authress", StartUp.Import),
            ("Connect-Authress", StartUp.Connect),
            ("first Get-AuthressServiceClient", StartUp.FirstGet),
            ("connect and first get together", StartUp.ConnectAndFirstGet),
            ("first Invoke-RestMethod", StartUp.InvokeRestMethod),
        ])
        {
            if (spread is null)
                table.Add(what, NotMeasured, "", "");
            else
                table.Add(what, Tenths(spread.Median), Tenths(spread.Least), Tenths(spread.Most));
        }

        return table;
    }

    private MarkdownTable Refused()
    {
        MarkdownTable table = new("by", "latency, ms", "wanted", "done", "twice", "requests", "refused", "of the throughput without");
        foreach (RefusalResults results in Refusals)
        {
            table.Add(
                results.Subject.Name(),
                Number(results.LatencyMilliseconds),
                Number(results.Wanted),
                Number(results.Done),
                Number(results.DoneTwice),
                Number(results.Requests),
                Number(results.Refused),
                results.Ratio is { } ratio ? Ratio(ratio) : NotMeasured);
        }

        return table;
    }

    private static string[] WorkHeadings => ["operation", "latency, ms", "in flight"];

    private static string[] WorkCells(Work work) => [work.Operation.ToString().ToLowerInvariant(), Number(work.LatencyMilliseconds), Number(work.InFlight)];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tenths(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    private static string Ratio(Spread spread) => spread.Median.ToString("0.00", CultureInfo.InvariantCulture);
}
