namespace Authress.Bench;

/// <summary>The extent of the measurements.</summary>
internal sealed class Plan
{
    public static Plan Full { get; } = new()
    {
        Rounds = 7,
        Measurement = TimeSpan.FromSeconds(0.6),
        LeastPerRequestInFlight = 12,
        ListedClients = 100_000,
        ListedClientsWithLatency = 4_000,
        FreshShells = 11,
    };

    public static Plan Quick { get; } = new()
    {
        Rounds = 2,
        Measurement = TimeSpan.FromSeconds(0.2),
        LeastPerRequestInFlight = 2,
        ListedClients = 10_000,
        ListedClientsWithLatency = 400,
        FreshShells = 2,
    };

    /// <summary>The number of rounds after one to warm up. Each figure is the median of the rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>The approximate time of one measurement, which determines the number of operations.</summary>
    public required TimeSpan Measurement { get; init; }

    /// <summary>
    /// The minimum number of operations for each request in flight. A parallel loop creates its sessions every time, which
    /// must not dominate the measurement.
    /// </summary>
    public required int LeastPerRequestInFlight { get; init; }

    public required int ListedClients { get; init; }

    /// <summary>Fewer than without latency, because each page takes that long.</summary>
    public required int ListedClientsWithLatency { get; init; }

    /// <summary>The number of fresh shells for each start-up time.</summary>
    public required int FreshShells { get; init; }
}
