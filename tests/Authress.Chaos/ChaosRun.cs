using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Authress.Emulator;

namespace Authress.Chaos;

/// <summary>How a run is made.</summary>
/// <param name="Manifest">The module's manifest.</param>
public sealed record ChaosOptions(string Manifest)
{
    /// <summary>How many sessions work at the same time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How many operations each does in a round, between two comparisons.</summary>
    public int Operations { get; init; } = 30;

    /// <summary>The share of requests that a fault befalls.</summary>
    public double Share { get; init; } = 0.3;
}

/// <summary>What a round, or several, did and found.</summary>
/// <param name="Operations">Cmdlets that were run.</param>
/// <param name="Inputs">What they were given to do.</param>
/// <param name="Requests">Requests that arrived.</param>
/// <param name="Faults">The faults that befell them, by kind.</param>
/// <param name="Findings">What differs from what the callers were told. Each names its seed.</param>
public sealed record ChaosResult(int Operations, int Inputs, int Requests, IReadOnlyDictionary<string, int> Faults, IReadOnlyList<string> Findings)
{
    /// <summary>Nothing done, nothing found.</summary>
    public static ChaosResult None { get; } = new(0, 0, 0, new Dictionary<string, int>(), []);

    /// <summary>Both together.</summary>
    /// <param name="other">The other.</param>
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
/// Sessions that do random things to one account at the same time, under random faults. A seed decides what is done and what
/// befalls it; how the sessions interleave is the machine's doing, so a finding may need its seed more than once.
/// </summary>
public sealed class ChaosRun : IDisposable
{
    // What acts late has acted by then, even on a busy machine.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly ChaosOptions _options;
    private readonly Session[] _sessions;

    /// <summary>Opens the sessions.</summary>
    /// <param name="options">How the run is made.</param>
    public ChaosRun(ChaosOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _sessions = [.. Enumerable.Range(0, options.Workers).Select(_ => new Session(options.Manifest))];
    }

    /// <summary>One round on an account of its own.</summary>
    /// <param name="seed">What decides what is done.</param>
    public async Task<ChaosResult> RoundAsync(int seed)
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync();
        ConcurrentQueue<string> findings = new();
        void Report(string finding) => findings.Enqueue(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {finding}"));
        Worker[] workers = [.. _sessions.Select((session, i) => new Worker(i, session, server, new Random((seed * 31) + i), Report))];

        // Two and two share a connection, as iterations of ForEach-Object -Parallel do.
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

    // Once no request is in hand and the latest acts have had their time, nothing changes any more. Before that something
    // may differ that is still to come, and something may be missing that is still to differ.
    private static async Task<IReadOnlyList<string>> CompareAsync(EmulatorServer server, Worker[] workers)
    {
        using CancellationTokenSource limit = new(Settling);
        while (server.Requests.Any(request => request.AnsweredAt is null) && !limit.IsCancellationRequested)
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
