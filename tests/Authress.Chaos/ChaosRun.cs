using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Authress.Emulator;

namespace Authress.Chaos;

/// <summary>The options of a run.</summary>
/// <param name="Manifest">The module's manifest.</param>
public sealed record ChaosOptions(string Manifest)
{
    /// <summary>The number of concurrent sessions.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>The number of operations of each session in a round, between two comparisons.</summary>
    public int Operations { get; init; } = 30;

    /// <summary>The share of requests that get a fault.</summary>
    public double Share { get; init; } = 0.3;
}

/// <summary>The result of one or several rounds.</summary>
/// <param name="Operations">The number of cmdlets run.</param>
/// <param name="Inputs">The number of their inputs.</param>
/// <param name="Requests">The number of requests received.</param>
/// <param name="Faults">The faults that were injected, by kind.</param>
/// <param name="Findings">Differences between what the cmdlets reported and the state of the account, each with its seed.</param>
public sealed record ChaosResult(int Operations, int Inputs, int Requests, IReadOnlyDictionary<string, int> Faults, IReadOnlyList<string> Findings)
{
    /// <summary>An empty result.</summary>
    public static ChaosResult None { get; } = new(0, 0, 0, new Dictionary<string, int>(), []);

    /// <summary>The sum of two results.</summary>
    /// <param name="other">The other result.</param>
    public ChaosResult And(ChaosResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Operations + other.Operations,
            Inputs + other.Inputs,
            Requests + other.Requests,
            Faults.Concat(other.Faults).GroupBy(fault => fault.Key, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Sum(fault => fault.Value)),
            [.. Findings, .. other.Findings]);
    }
}

/// <summary>
/// Concurrent sessions that run random operations on one account under random faults. The seed determines the operations
/// and the faults, but not the interleaving of the sessions, so a finding may need several runs of its seed.
/// </summary>
public sealed class ChaosRun : IDisposable
{
    // Long enough for delayed operations, even on a busy machine.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly ChaosOptions _options;
    private readonly Session[] _sessions;

    /// <summary>Opens the sessions.</summary>
    /// <param name="options">The options.</param>
    public ChaosRun(ChaosOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _sessions = [.. Enumerable.Range(0, options.Workers).Select(_ => new Session(options.Manifest))];
    }

    /// <summary>Runs one round on a new account.</summary>
    /// <param name="seed">The seed of operations and faults.</param>
    public async Task<ChaosResult> RoundAsync(int seed)
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync();
        ConcurrentQueue<string> findings = new();
        void Report(string finding) => findings.Enqueue(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {finding}"));
        Worker[] workers = [.. _sessions.Select((session, i) => new Worker(i, session, server, new Random((seed * 31) + i), Report))];

        // Every two sessions share a connection, as iterations of ForEach-Object -Parallel do.
        PSObject? shared = null;
        for (int i = 0; i < _sessions.Length; i++)
        {
            if (i % 2 == 1)
                _sessions[i].Share(shared!);
            else
                shared = _sessions[i].Connect(server.ApiUrl, server.AccessKey);
        }

        RandomFaults faults = new(seed, _options.Share);
        server.FaultSource = faults.Next;
        await Task.WhenAll(workers.Select(worker => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < _options.Operations; i++)
                    worker.Step();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        server.FaultSource = null;
        foreach (string difference in await CompareAsync(server, workers))
            Report(difference);
        return new ChaosResult(_options.Workers * _options.Operations, workers.Sum(worker => worker.Inputs), server.Requests.Count, faults.Counts, [.. findings]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Session session in _sessions)
            session.Dispose();
    }

    // Waits until no request is pending and every delayed operation is done. Until then, differences may appear or disappear.
    private static async Task<IReadOnlyList<string>> CompareAsync(EmulatorServer server, Worker[] workers)
    {
        using CancellationTokenSource limit = new(Settling);
        while (server.Requests.Any(request => request.RespondedAt is null) && !limit.IsCancellationRequested)
            await Task.Delay(50);
        await Task.Delay(RandomFaults.LatestActs);
        while (Verdict.On(server, workers) is { Count: > 0 } differences)
        {
            if (limit.IsCancellationRequested)
                return differences;
            await Task.Delay(200);
        }

        return [];
    }
}
