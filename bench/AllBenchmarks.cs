using Authress.Bench.Benchmarks;
using Authress.Bench.Contenders;
using Authress.Bench.Reports;
using Authress.Bench.Server;

namespace Authress.Bench;

/// <summary>Everything there is to measure, one after the other, so that nothing disturbs anything else.</summary>
internal static class AllBenchmarks
{
    public static async Task<int> RunAsync(Plan plan, FileInfo? output, CancellationToken cancellationToken)
    {
        await using CannedServer server = await CannedServer.StartAsync(cancellationToken);
        StartUpResults startUp = await StartUpBenchmark.RunAsync(plan, server, cancellationToken);
        IReadOnlyList<ListResults> lists = await ListBenchmark.RunAsync(plan, server, cancellationToken);

        List<Contender> contenders = [];
        try
        {
            foreach (ContenderKind kind in Enum.GetValues<ContenderKind>())
            {
                if (await Contender.StartAsync(kind, server.Url, cancellationToken) is { } contender)
                    contenders.Add(contender);
            }

            BulkResults bulk = await BulkBenchmark.RunAsync(plan, server, contenders, cancellationToken);
            Dictionary<ContenderKind, long> peakMemory = contenders.ToDictionary(contender => contender.Kind, contender => contender.PeakMemory);
            IReadOnlyList<RefusalResults> refusals = await RefusalBenchmark.RunAsync(plan, server, contenders, bulk, cancellationToken);
            Report report = new()
            {
                Plan = plan,
                StartUp = startUp,
                Lists = lists,
                Bulk = bulk,
                Refusals = refusals,
                PeakMemory = peakMemory,
                Versions = contenders.ToDictionary(contender => contender.Kind, contender => contender.Version),
            };
            string markdown = report.ToMarkdown();
            await Console.Out.WriteLineAsync(markdown);
            if (output is not null)
                await File.WriteAllTextAsync(output.FullName, markdown, cancellationToken);
            return 0;
        }
        finally
        {
            foreach (Contender contender in contenders)
                await contender.DisposeAsync();
        }
    }
}
