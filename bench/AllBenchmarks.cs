using Authress.Bench.Benchmarks;
using Authress.Bench.Reports;
using Authress.Bench.Server;
using Authress.Bench.Subjects;

namespace Authress.Bench;

/// <summary>Runs all benchmarks one after the other, so that they don't disturb each other.</summary>
internal static class AllBenchmarks
{
    public static async Task<int> RunAsync(Plan plan, FileInfo? output, CancellationToken cancellationToken)
    {
        await using CannedServer server = await CannedServer.StartAsync(cancellationToken);
        StartUpResults startUp = await StartUpBenchmark.RunAsync(plan, server, cancellationToken);
        IReadOnlyList<ListResults> lists = await ListBenchmark.RunAsync(plan, server, cancellationToken);

        List<BenchmarkSubject> subjects = [];
        try
        {
            foreach (SubjectKind kind in Enum.GetValues<SubjectKind>())
            {
                if (await BenchmarkSubject.StartAsync(kind, server.Url, cancellationToken) is { } subject)
                    subjects.Add(subject);
            }

            BulkResults bulk = await BulkBenchmark.RunAsync(plan, server, subjects, cancellationToken);
            Dictionary<SubjectKind, long> peakMemory = subjects.ToDictionary(subject => subject.Kind, subject => subject.PeakMemory);
            IReadOnlyList<RefusalResults> refusals = await RefusalBenchmark.RunAsync(plan, server, subjects, bulk, cancellationToken);
            Report report = new()
            {
                Plan = plan,
                StartUp = startUp,
                Lists = lists,
                Bulk = bulk,
                Refusals = refusals,
                PeakMemory = peakMemory,
                Versions = subjects.ToDictionary(subject => subject.Kind, subject => subject.Version),
            };
            string markdown = report.ToMarkdown();
            await Console.Out.WriteLineAsync(markdown);
            if (output is not null)
                await File.WriteAllTextAsync(output.FullName, markdown, cancellationToken);
            return 0;
        }
        finally
        {
            foreach (BenchmarkSubject subject in subjects)
                await subject.DisposeAsync();
        }
    }
}
