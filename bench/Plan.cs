namespace Authress.Bench;

/// <summary>How much is measured.</summary>
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

    /// <summary>How often everything is measured, after a round that only warms up. Rounds are what medians are taken of.</summary>
    public required int Rounds { get; init; }

    /// <summary>About how long one measurement takes; the number of operations is chosen by it.</summary>
    public required TimeSpan Measurement { get; init; }

    /// <summary>
    /// How many operations a measurement has at least for each request in flight, however long that takes: a parallel loop
    /// makes its sessions anew every time, which must not be most of what is measured.
    /// </summary>
    public required int LeastPerRequestInFlight { get; init; }

    public required int ListedClients { get; init; }

    /// <summary>Fewer, since each page then takes its latency.</summary>
    public required int ListedClientsWithLatency { get; init; }

    /// <summary>How many fresh shells a start-up time is the median of.</summary>
    public required int FreshShells { get; init; }
}
