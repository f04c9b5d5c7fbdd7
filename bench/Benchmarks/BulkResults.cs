using Authress.Bench.Reports;
using Authress.Bench.Subjects;

namespace Authress.Bench.Benchmarks;

/// <summary>The results of every subject for every workload, in rounds.</summary>
internal sealed class BulkResults
{
    private readonly Dictionary<(Work, SubjectKind), List<Outcome>> _outcomes = [];

    public void Add(Work work, SubjectKind subject, Outcome outcome)
    {
        if (!_outcomes.TryGetValue((work, subject), out List<Outcome>? rounds))
            _outcomes.Add((work, subject), rounds = []);
        rounds.Add(outcome);
    }

    public Spread? Throughput(Work work, SubjectKind subject) => Spread.Of(Rates(work, subject));

    public Spread? BytesPerOperation(Work work, SubjectKind subject) => Spread.Of(Rounds(work, subject).Select(outcome => outcome.BytesPerOperation).OfType<double>());

    public Spread? ProcessorMicrosecondsPerOperation(Work work, SubjectKind subject) => Spread.Of(Rounds(work, subject).Select(outcome => outcome.ProcessorMicrosecondsPerOperation));

    /// <summary>How many times as fast as another subject; null if either was not measured.</summary>
    public Spread? Ratio(Work work, SubjectKind subject, SubjectKind basis) => Ratio(work, subject, work, basis);

    /// <inheritdoc cref="Ratio(Work, SubjectKind, SubjectKind)" />
    public Spread? Ratio(Work work, SubjectKind subject, Work basisWork, SubjectKind basis) =>
        Spread.OfRatios(Rates(work, subject), Rates(basisWork, basis));

    private IEnumerable<double> Rates(Work work, SubjectKind subject) => Rounds(work, subject).Select(outcome => outcome.OperationsPerSecond);

    private List<Outcome> Rounds(Work work, SubjectKind subject) => _outcomes.GetValueOrDefault((work, subject), []);
}
