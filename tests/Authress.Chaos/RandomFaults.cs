using Authress.Emulator.Faults;

namespace Authress.Chaos;

/// <summary>Faults from a seed, for a share of the requests.</summary>
internal sealed class RandomFaults(int seed, double share)
{
    /// <summary>The sessions' retry limit.</summary>
    public const int MaximumRetryCount = 3;

    // Some are shorter and some longer than the sessions' time-out of a second.
    private const int LongestDelay = 1_300;
    private const int LatestAct = 400;

    /// <summary>The longest time between a request and its delayed execution.</summary>
    public static readonly TimeSpan LatestActs = TimeSpan.FromMilliseconds(2 * LatestAct);

    private static readonly int[] Passing = [408, 500, 502, 503, 504];
    private static readonly int[] Refusals = [400, 401, 402, 403, 404, 409, 422];

    private static readonly (int Weight, Func<Random, Fault> Make)[] Table =
    [
        (14, random => new StatusFault(Pick(random, Passing)) { Act = random.Next(2) == 0, Body = (FaultBody)random.Next(3) }),
        (12, random => new StatusFault(429) { RetryAfter = random.Next(4) switch { 0 => "1", 1 => "soon", 2 => "date:+0.3", _ => null } }),
        (3, random => new StatusFault(503) { RetryAfter = random.Next(2) == 0 ? "600" : "1" }),
        (8, random => new StatusFault(Pick(random, Refusals))),
        (8, _ => new DropFault()),
        (12, _ => new ActThenDropFault()),
        (8, random => new DropThenActFault(random.Next(10, LatestAct))),
        (14, random => new DelayFault(random.Next(1, 150)) { AfterActing = random.Next(2) == 0 }),
        (3, random => new DelayFault(random.Next(700, LongestDelay)) { AfterActing = random.Next(2) == 0 }),
        (2, random => new StallFault(random.Next(10, LongestDelay))),
        (6, random => new TruncateFault { Complete = random.Next(2) == 0 }),
        (4, _ => new MalformedFault()),
        (4, _ => new EmptyFault()),
        (3, _ => new HtmlFault()),
        (2, random => new RedirectFault("https://127.0.0.1:1/") { Status = random.Next(2) == 0 ? 302 : 307 }),
        (1, _ => new NotModifiedFault()),
        (1, _ => new OversizedFault { Megabytes = 9 }),
        (2, _ => new RepeatCursorFault()),
        (4, _ => new StaleReadFault()),
        (2, random => new KeyNotYetUsableFault { Requests = random.Next(1, 3) }),
        (2, random => new PublicKeyFormFault((PublicKeyForm)random.Next(Enum.GetValues<PublicKeyForm>().Length))),
    ];

    private static readonly int TotalWeight = Table.Sum(entry => entry.Weight);

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Which faults have been injected, and how often.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_gate)
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
        }
    }

    /// <summary>The fault of a request, or null.</summary>
    public Fault? Next(string method, string path)
    {
        lock (_gate)
        {
            if (_random.NextDouble() >= share)
                return null;
            Fault fault = Draw();

            // A 404 after a delete with an unknown outcome counts as success. No client can detect a false 404, so this
            // fault is not injected.
            if (method == "DELETE" && fault is StatusFault { Status: 404 })
                return null;
            _counts[fault.Kind] = _counts.GetValueOrDefault(fault.Kind) + 1;
            return fault;
        }
    }

    /// <summary>Whether a fault of this kind may carry out a request after its sender has seen it fail.</summary>
    public static bool ActsLate(string? kind) => kind is "dropThenAct" or "delay";

    private Fault Draw()
    {
        int left = _random.Next(TotalWeight);
        foreach ((int weight, Func<Random, Fault> make) in Table)
        {
            left -= weight;
            if (left < 0)
                return make(_random);
        }

        throw new InvalidOperationException("The weights don't add up.");
    }

    private static int Pick(Random random, int[] statuses) => statuses[random.Next(statuses.Length)];
}
