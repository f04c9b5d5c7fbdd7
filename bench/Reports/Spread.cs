namespace Authress.Bench.Reports;

/// <summary>The results of several rounds. Targets use the median, which a single slow round does not change.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    /// <returns>Null if nothing was measured.</returns>
    public static Spread? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            return null;
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>The quotients of two subjects, round by round, so that a slow moment of the machine affects both.</summary>
    public static Spread? OfRatios(IEnumerable<double> values, IEnumerable<double> basis) => Of(values.Zip(basis, (value, one) => value / one));
}
