using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Authress.Chaos;

namespace Authress.Bench.Chaos;

/// <summary>Runs random operations under random faults for a given time. Not a benchmark, but too long for a test.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        Option<double> minutes = new("--minutes") { Description = "The duration. At least one round is run.", DefaultValueFactory = _ => 1 };
        Option<int> seed = new("--seed") { Description = "The seed of the first round; it increases by one each round.", DefaultValueFactory = _ => 1 };
        Option<int> workers = new("--workers") { Description = "The number of concurrent sessions.", DefaultValueFactory = _ => 4 };
        Option<FileInfo> module = new("--module") { Description = "The manifest of the module to run.", DefaultValueFactory = _ => new FileInfo(Repository.Module) };
        Command command = new("chaos", "Runs random operations in several sessions under random faults, and compares what the cmdlets reported with the state of the account. Exits with 1 if they differ.")
        {
            minutes,
            seed,
            workers,
            module,
        };
        command.SetAction((arguments, cancellation) => RunAsync(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), arguments.GetValue(workers), arguments.GetValue(module)!.FullName, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan time, int seed, int workers, string manifest, CancellationToken cancellationToken)
    {
        using ChaosRun run = new(new ChaosOptions(manifest) { Workers = workers });
        Stopwatch watch = Stopwatch.StartNew();
        ChaosResult all = ChaosResult.None;
        int rounds = 0;
        TimeSpan reported = TimeSpan.Zero;
        do
        {
            ChaosResult round = await run.RoundAsync(unchecked(seed + rounds++));
            all = all.And(round);
            foreach (string finding in round.Findings)
                Console.WriteLine(finding);
            if (watch.Elapsed - reported > TimeSpan.FromMinutes(1) || watch.Elapsed >= time)
            {
                reported = watch.Elapsed;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMinutes:0.0} minutes, {rounds} rounds: {all.Operations} operations on {all.Inputs} inputs, {all.Requests} requests, {all.Faults.Values.Sum()} faults, {all.Findings.Count} findings"));
            }
        }
        while (watch.Elapsed < time && !cancellationToken.IsCancellationRequested);
        Console.WriteLine("Faults: " + string.Join(", ", all.Faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Key} {fault.Value}"))));
        return all.Findings.Count == 0 ? 0 : 1;
    }
}
