using Authress.Bench.Reports;
using Authress.Bench.Server;
using Authress.Bench.StartUp;

namespace Authress.Bench.Benchmarks;

/// <summary>Measures the start of a runbook: import, connect and first request, each time in a fresh shell.</summary>
internal static class StartUpBenchmark
{
    private const string Begin = "$watch = [Diagnostics.Stopwatch]::StartNew();";
    private const string Lap = "$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture); $watch.Restart();";

    private static readonly string ImportEmpty = $"{Begin} Import-Module '{Repository.EmptyModule}'; {Lap}";
    private static readonly string ColdCall = $"{Begin} Import-Module '{Repository.Module}'; {Lap} Connect-Authress; {Lap} $null = Get-AuthressServiceClient sc_cold; {Lap}";
    private static readonly string ColdInvokeRestMethod = $"{Begin} $null = Invoke-RestMethod \"$($env:AUTHRESS_API_URL)v1/clients/sc_cold\" -Headers @{{ Authorization = 'Bearer bench' }}; {Lap}";

    public static async Task<StartUpResults> RunAsync(Plan plan, CannedServer server, CancellationToken cancellationToken)
    {
        await server.SetAsync(new ServerSettings(), cancellationToken);
        Dictionary<string, string> environment = new()
        {
            ["AUTHRESS_API_URL"] = server.Url.AbsoluteUri,
            ["AUTHRESS_KEY"] = ThrowAwayKey.Create(),
        };
        StartUpResults results = new();

        // The first run is not counted, because the files may not be cached yet.
        for (int round = 0; round <= plan.FreshShells; round++)
        {
            await Console.Error.WriteLineAsync($"Start-up: {round} of {plan.FreshShells}");
            double[] empty = await FreshShell.RunAsync(ImportEmpty, environment, cancellationToken);
            double[] cold = await FreshShell.RunAsync(ColdCall, environment, cancellationToken);
            double[] rest = await FreshShell.RunAsync(ColdInvokeRestMethod, environment, cancellationToken);
            if (round > 0)
                results.Add(empty[0], cold, rest[0]);
        }

        return results;
    }
}

/// <summary>Start-up times in milliseconds.</summary>
internal sealed class StartUpResults
{
    private readonly List<double> _importEmpty = [];
    private readonly List<double[]> _cold = [];
    private readonly List<double> _invokeRestMethod = [];

    public Spread ImportEmpty => Spread.Of(_importEmpty)!;

    public Spread Import => Spread.Of(_cold.Select(laps => laps[0]))!;

    public Spread ImportOverEmpty => Spread.Of(_cold.Zip(_importEmpty, (laps, empty) => laps[0] - empty))!;

    public Spread Connect => Spread.Of(_cold.Select(laps => laps[1]))!;

    public Spread FirstGet => Spread.Of(_cold.Select(laps => laps[2]))!;

    public Spread ConnectAndFirstGet => Spread.Of(_cold.Select(laps => laps[1] + laps[2]))!;

    public Spread? InvokeRestMethod => Spread.Of(_invokeRestMethod);

    public Spread? ConnectAndFirstGetRatio => Spread.OfRatios(_cold.Select(laps => laps[1] + laps[2]), _invokeRestMethod);

    public void Add(double importEmpty, double[] cold, double invokeRestMethod)
    {
        _importEmpty.Add(importEmpty);
        _cold.Add(cold);
        _invokeRestMethod.Add(invokeRestMethod);
    }
}
