using System.Globalization;

namespace Authress.Bench.Subjects;

/// <summary>One measurement: a line of JSON on a subject's standard input.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="InFlight">The number of requests in flight.</param>
/// <param name="Count">How many operations; for the list, how many clients are expected.</param>
/// <param name="Run">The job's unique number, so that ids and names are unique.</param>
internal sealed record BenchmarkJob(Operation Operation, int InFlight, int Count, int Run)
{
    /// <summary>The ids to get or delete.</summary>
    public string[] Ids() => [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"sc_run{Run}x{i:D6}"))];

    /// <summary>The names to create clients with.</summary>
    public string[] Names() => [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"Client {i:D6} of run {Run}"))];
}
