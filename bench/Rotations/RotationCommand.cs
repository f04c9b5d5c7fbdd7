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
        Option<int> seed = new("--seed") { Description = "The seed.", DefaultValueFactory = _ => 1 };
        Option<FileInfo> module = new("--module") { Description = "The manifest of the module to run.", DefaultValueFactory = _ => new FileInfo(Repository.Module) };
        Command command = new("rotation", "Kills rotations at the steps, at requests and at random times, and verifies that the destination always holds a key that works and that no key is lost. Exits with 1 if one does not.")
        {
            kills,
            seed,
            module,
        };
        command.SetAction((arguments, cancellation) => KillAsync(arguments.GetValue(kills), arguments.GetValue(seed), arguments.GetValue(module)!.FullName, cancellation));
        return command;
    }

    private static async Task<int> KillAsync(int count, int seed, string manifest, CancellationToken cancellationToken)
    {
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
