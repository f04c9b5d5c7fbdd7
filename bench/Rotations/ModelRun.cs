using System.Diagnostics;
using System.Globalization;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Bench.Rotations;

/// <summary>The long run of random histories against the assemblies as they ship.</summary>
internal static class ModelRun
{
    private const int Reported = 20;

    public static async Task<int> RunAsync(long steps, long? history, int seed, CancellationToken cancellationToken)
    {
        if (steps == 0 && history is null)
            return 0;
        Repository.ResolveModuleAssemblies();
        return history is { } number ? await ShowAsync(number, seed) : await PlayAsync(steps, seed, cancellationToken);
    }

    public static async Task<int> PlayDestinationsAsync(int histories, int seed, CancellationToken cancellationToken)
    {
        if (histories == 0)
            return 0;
        Repository.ResolveModuleAssemblies();
        return await PlayDestinationHistoriesAsync(histories, seed, cancellationToken);
    }

    // Separate methods: the library's types load only after the resolver is registered.
    private static async Task<int> ShowAsync(long number, int seed)
    {
        string? wrong = new RotationModel(seed).Play(number, Console.WriteLine);
        await Console.Out.WriteLineAsync($"History {number} of seed {seed}: {wrong ?? "no finding"}");
        return wrong is null ? 0 : 1;
    }

    private static async Task<int> PlayDestinationHistoriesAsync(int histories, int seed, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long findings = 0;
        long runs = 0;
        for (int number = 0; number < histories; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<string> log = [];
            DestinationsHistory history = DestinationsHistory.Of(seed, number, log.Add);
            if (await history.PlayAsync(DestinationsHistory.Steps) is { } wrong && ++findings <= Reported)
                await Console.Error.WriteLineAsync($"FINDING --seed {seed}, history {number}: {wrong}{Environment.NewLine}{string.Join(Environment.NewLine, log)}");
            runs += history.Counts.Values.Sum();
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {histories:N0} histories of several destinations, {runs:N0} runs and deletions, {findings:N0} findings, {watch.Elapsed.TotalSeconds:N0} s"));
        return findings == 0 ? 0 : 1;
    }

    private static async Task<int> PlayAsync(long steps, int seed, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        RotationModel model = new(seed);
        long histories = 0;
        long findings = 0;
        for (; model.Steps < steps; histories++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (model.Play(histories) is { } wrong && ++findings <= Reported)
                await Console.Error.WriteLineAsync($"FINDING --seed {seed} --history {histories}: {wrong}");
        }

        foreach ((string what, long count) in model.Counts)
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what,-60} {count,9:N0}"));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {model.Steps:N0} steps in {histories:N0} histories, {findings:N0} findings, {watch.Elapsed.TotalSeconds:N0} s"));
        return findings == 0 ? 0 : 1;
    }
}
