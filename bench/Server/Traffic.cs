namespace Authress.Bench.Server;

/// <summary>Counts the requests under one set of settings, and chooses which are refused.</summary>
internal sealed class Traffic(ServerSettings settings)
{
    private static readonly string[] Routes = Enum.GetNames<Route>();
    private readonly long[] _requests = new long[Routes.Length];
    private long _arrived;
    private long _refused;

    public ServerSettings Settings { get; } = settings;

    public Ledger? Ledger { get; } = settings.KeepsLedger ? new Ledger() : null;

    public ServerCounts Counts => new(
        Routes.Zip(_requests, KeyValuePair.Create).ToDictionary(),
        _refused,
        Ledger?.Done ?? 0,
        Ledger?.DoneTwice ?? 0);

    /// <summary>Counts a request.</summary>
    /// <returns>Whether it is refused. That depends only on its number, so that every run has the same refusals.</returns>
    public bool Arrive(Route route)
    {
        Interlocked.Increment(ref _requests[(int)route]);
        if (Settings.RefusedPercent == 0)
            return false;
        // The fractional parts of the golden ratio's multiples are evenly distributed and in no order.
        double place = Interlocked.Increment(ref _arrived) * 0.6180339887498949 % 1;
        bool refused = place * 100 < Settings.RefusedPercent;
        if (refused)
            Interlocked.Increment(ref _refused);
        return refused;
    }
}
