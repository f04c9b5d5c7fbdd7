using System.CommandLine;
using System.Diagnostics;
using Authress.Client.Tests.Hostile;

namespace Authress.Bench.Fuzz;

/// <summary>The long run of hostile input against the assemblies as they ship.</summary>
internal static class FuzzCommand
{
    private const int Reported = 20;

    public static Command Create()
    {
        Option<long> cases = new("--cases") { Description = "How many.", DefaultValueFactory = _ => 1_000_000 };
        Option<int> seed = new("--seed") { Description = "The seed; the same seed generates the same cases.", DefaultValueFactory = _ => Environment.TickCount };
        Option<long> first = new("--first") { Description = "The number of the first case, to repeat a case." };
        Command command = new("fuzz", "Feeds hostile responses and texts to the client library: each case must be read, or refused in a documented way, within a short time.") { cases, seed, first };
        command.SetAction((arguments, cancellation) =>
        {
            Repository.ResolveModuleAssemblies();
            return RunAsync(arguments.GetValue(seed), arguments.GetValue(first), arguments.GetValue(cases), cancellation);
        });
        return command;
    }

    // A separate method: the library's types load only after the resolver is registered.
    private static async Task<int> RunAsync(int seed, long first, long cases, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync($"{cases:N0} cases from {first:N0} of seed {seed}");
        Stopwatch watch = Stopwatch.StartNew();
        using HostileRun run = new(seed);
        using Timer watchman = new(_ => EndWhereOneHangs(run, seed), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        long findings = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (long number = first; number < first + cases; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long began = Stopwatch.GetTimestamp();
            string? wrong = await run.RunAsync(number);
            longest = Stopwatch.GetElapsedTime(began) is var took && took > longest ? took : longest;
            if (wrong is not null && ++findings <= Reported)
                await Console.Error.WriteLineAsync($"FINDING --seed {seed} --first {number} --cases 1: {wrong}");
        }

        foreach ((string about, (long succeeded, long refused)) in run.Results)
            await Console.Out.WriteLineAsync($"{about,-45} {succeeded,9:N0} read {refused,9:N0} refused");
        await Console.Out.WriteLineAsync($"{cases:N0} cases, seed {seed}: {findings:N0} findings, 0 hangs, the longest {longest.TotalMilliseconds:N0} ms, {watch.Elapsed.TotalSeconds:N0} s in all");
        return findings == 0 ? 0 : 1;
    }

    // Only the end of the process stops a case that hangs.
    private static void EndWhereOneHangs(HostileRun run, int seed)
    {
        if (run.Hanging is not { } number)
            return;
        Console.Error.WriteLine($"HANG --seed {seed} --first {number} --cases 1");
        Environment.Exit(1);
    }
}
