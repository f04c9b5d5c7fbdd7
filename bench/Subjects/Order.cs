using System.Globalization;

namespace Authress.Bench.Subjects;

/// <summary>One measurement to make: a line of JSON on a subject's standard input.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="InFlight">How many requests at once.</param>
/// <param name="Count">How many operations; for the list, how many clients are expected.</param>
/// <param name="Run">A number that no other order has, so that no id or name comes twice.</param>
internal sealed record Order(Operation Operation, int InFlight, int Count, int Run)
{
    /// <summary>The ids to get or delete.</summary>
    public string[] Ids() => [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"sc_run{Run}x{i:D6}"))];

    /// <summary>The names to create clients with.</summary>
    public string[] Names() => [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"Client {i:D6} of run {Run}"))];
}
