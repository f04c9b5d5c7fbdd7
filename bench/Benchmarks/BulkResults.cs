using Authress.Bench.Contenders;
using Authress.Bench.Reports;

namespace Authress.Bench.Benchmarks;

/// <summary>What every contender made of every kind of work, round by round.</summary>
internal sealed class BulkResults
{
    private readonly Dictionary<(Work, ContenderKind), List<Outcome>> _outcomes = [];

    public void Add(Work work, ContenderKind contender, Outcome outcome)
    {
        if (!_outcomes.TryGetValue((work, contender), out List<Outcome>? rounds))
            _outcomes.Add((work, contender), rounds = []);
        rounds.Add(outcome);
    }

    public Spread? Throughput(Work work, ContenderKind contender) => Spread.Of(Rates(work, contender));

    public Spread? BytesPerOperation(Work work, ContenderKind contender) => Spread.Of(Rounds(work, contender).Select(outcome => outcome.BytesPerOperation).OfType<double>());

    public Spread? ProcessorMicrosecondsPerOperation(Work work, ContenderKind contender) => Spread.Of(Rounds(work, contender).Select(outcome => outcome.ProcessorMicrosecondsPerOperation));

    /// <summary>How many times as fast one is as another; null where one of them is not here.</summary>
    public Spread? Ratio(Work work, ContenderKind contender, ContenderKind basis) => Ratio(work, contender, work, basis);

    /// <inheritdoc cref="Ratio(Work, ContenderKind, ContenderKind)" />
    public Spread? Ratio(Work work, ContenderKind contender, Work basisWork, ContenderKind basis) =>
        Spread.OfRatios(Rates(work, contender), Rates(basisWork, basis));

    private IEnumerable<double> Rates(Work work, ContenderKind contender) => Rounds(work, contender).Select(outcome => outcome.OperationsPerSecond);

    private List<Outcome> Rounds(Work work, ContenderKind contender) => _outcomes.GetValueOrDefault((work, contender), []);
}
