using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Authress.Chaos.Rotations;

namespace Authress.Bench.Rotations;

/// <summary>Long runs that try to break rotations. Not benchmarks, but too long for tests.</summary>
internal static class RotationCommand
{
    public static Command Create()
    {
        Option<int> kills = new("--kills") { Description = "How many rotations to kill in a process of their own, each followed by the next run." };
        Option<int> bulk = new("--bulk") { Description = "How many clients to rotate in one pipeline under faults, lagging public key sets and a limit on the creation of keys." };
        Option<long> steps = new("--steps") { Description = "How many steps of random histories to compare with a model." };
        Option<int> destinations = new("--destinations") { Description = "How many random histories of several destinations of one client to play." };
        Option<long?> history = new("--history") { Description = "The number of one history to show, step by step." };
        Option<int> seed = new("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
        Option<FileInfo> module = new("--module") { Description = "The manifest of the module to run.", DefaultValueFactory = _ => new FileInfo(Repository.Module) };
        Command command = new("rotation", "Kills rotations at the steps, at requests and at random times, or plays random histories of them, and verifies that the destination always holds a key that works and that no key is lost. Exits with 1 if one does not.")
        {
            kills,
            bulk,
            steps,
            destinations,
            history,
            seed,
            module,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            string manifest = arguments.GetValue(module)!.FullName;
            int killed = await KillAsync(arguments.GetValue(kills), arguments.GetValue(seed), manifest, cancellation);
            return killed
                + await RotateInBulkAsync(arguments.GetValue(bulk), arguments.GetValue(seed), manifest)
                + await ModelRun.PlayDestinationsAsync(arguments.GetValue(destinations), arguments.GetValue(seed), cancellation)
                + await ModelRun.RunAsync(arguments.GetValue(steps), arguments.GetValue(history), arguments.GetValue(seed), cancellation);
        });
        return command;
    }

    private static async Task<int> RotateInBulkAsync(int clients, int seed, string manifest)
    {
        if (clients == 0)
            return 0;
        BulkResult result = await BulkRotation.RunAsync(new BulkOptions(manifest, clients, seed));
        foreach (string finding in result.Findings)
            Console.WriteLine(finding);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {clients} clients, {result.DoneAtFirst} delivered by the first run in {result.FirstRun.TotalSeconds:0.0} s, all by run {result.Runs}; {result.Requests} requests, {result.Faults} faults, {result.Findings.Count} findings"));
        Console.WriteLine("Errors: " + string.Join(", ", result.Errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Key} {error.Value}"))));
        return result.Findings.Count == 0 ? 0 : 1;
    }

    private static async Task<int> KillAsync(int count, int seed, string manifest, CancellationToken cancellationToken)
    {
        if (count == 0)
            return 0;
        Stopwatch watch = Stopwatch.StartNew();
        List<KillResult> results = [];
        foreach (KillOptions kill in KillPlan.Make(manifest, Repository.StandInVaults, count, seed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            KillResult result = await KilledRotation.RunAsync(kill);
            results.Add(result);
            foreach (string finding in result.Findings)
                Console.WriteLine(finding);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {results.Count} rotations, {results.Count(result => result.IsKilled)} killed before their end, {results.Count(result => result.KeysLeft > 0)} with a key more at the kill, {results.Sum(result => result.Findings.Count)} findings, {watch.Elapsed.TotalMinutes:0.0} minutes"));
        Console.WriteLine("Record at the kill: " + string.Join(", ", results.GroupBy(result => result.LastStep ?? "none").OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}"))));
        return results.All(result => result.Findings.Count == 0) ? 0 : 1;
    }
}
