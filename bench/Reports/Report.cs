using System.Globalization;
using System.Text;
using Authress.Bench.Benchmarks;
using Authress.Bench.Subjects;
using Authress.PinnedShell;

namespace Authress.Bench.Reports;

/// <summary>What was measured, as one page.</summary>
internal sealed class Report
{
    private const double Megabyte = 1 << 20;
    private const string NotHere = "not here";

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

            Made on {DateTime.UtcNow:yyyy-MM-dd} by `dotnet run -c Release --project bench`; never written by hand. To make it again, run that. Of those compared, Authress's JavaScript client needs Node on the path and `AUTHRESS_JS`, the name of a folder in which `npm install @authress/sdk` was run.

            {MachineDescription.Text}. {string.Join(", ", Versions.Select(subject => $"{subject.Key.Name()}: {subject.Value}"))}. Every shell is the pinned PowerShell {Pwsh.Version}.

            Everything talks to a canned server on the same machine, in a process of its own, and each of those compared has a process of its own too. All take turns in {Plan.Rounds} rounds after one to warm up; a figure is the median, a ratio that of the quotients of each round. A ratio is to the bare `HttpClient` at the same work: `SocketsHttpHandler`, a constant token, generated JSON, and nothing else. `RestSharp alone` is its call that reads a stream with generated JSON around it, and nothing else: the client library is built on it, and so can't be faster.

            ## Must reach

            {Required()}
            ## Operations a second

            In parentheses the ratio to the bare `HttpClient`. `Invoke-RestMethod` is a loop at 1 in flight, and `ForEach-Object -Parallel -ThrottleLimit 16` at 16.

            {Throughput()}
            ## Allocated bytes an operation, and peak memory

            {Memory()}
            ## Processor time an operation, in microseconds

            What each process takes of the processors, the server's share left out.

            {Processor()}
            ## The list

            Pages of 20. Growth is that of the first listing that a process ever makes, from when its first object was there: what the garbage collector found in use, and the working set. The latter is mostly what the collector lets lie before it runs, for the bare `HttpClient` as for the others, so it is the former that must stay small.

            {Listing()}
            ## Start-up

            {FirstSteps()}
            ## While {RefusalBenchmark.RefusedPercent} % of the responses are 429

            Clients are created, 16 at once; the server notes what it has done.

            {Refused()}
            """);
        return text.ToString().TrimEnd() + "\n";
    }

    private MarkdownTable Required()
    {
        MarkdownTable table = new("what", "target", "measured (least to most)", "reached");
        foreach (Requirement requirement in MustReach.Of(this))
        {
            string reached = requirement.IsReached switch
            {
                true => "yes",
                false => "**no**",
                null => NotHere,
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
                : NotHere)]);
        }

        return table;
    }

    private MarkdownTable Memory()
    {
        MarkdownTable table = new([.. WorkHeadings, .. Subjects.Select(SubjectNames.Name)]);
        foreach (Work work in BulkBenchmark.All.Where(work => work.LatencyMilliseconds == 0))
            table.Add([.. WorkCells(work), .. Subjects.Select(subject => Bulk.BytesPerOperation(work, subject) is { } bytes ? Number(bytes.Median) : "")]);
        table.Add(["peak memory, MB", "", "", .. Subjects.Select(subject => PeakMemory.TryGetValue(subject, out long peak) ? Number(peak / Megabyte) : NotHere)]);
        return table;
    }

    private MarkdownTable Processor()
    {
        MarkdownTable table = new([.. WorkHeadings, .. Subjects.Select(SubjectNames.Name)]);
        foreach (Work work in BulkBenchmark.All.Where(work => work.LatencyMilliseconds == 0))
            table.Add([.. WorkCells(work), .. Subjects.Select(subject => Bulk.ProcessorMicrosecondsPerOperation(work, subject) is { } time ? Number(time.Median) : NotHere)]);
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
                table.Add(what, NotHere, "", "");
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
                results.Ratio is { } ratio ? Ratio(ratio) : NotHere);
        }

        return table;
    }

    private static string[] WorkHeadings => ["operation", "latency, ms", "in flight"];

    private static string[] WorkCells(Work work) => [work.Operation.ToString().ToLowerInvariant(), Number(work.LatencyMilliseconds), Number(work.InFlight)];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Tenths(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    private static string Ratio(Spread spread) => spread.Median.ToString("0.00", CultureInfo.InvariantCulture);
}
