namespace Authress.Bench.Reports;

/// <summary>What several rounds came to. The median is what counts: one slow moment of the machine does not move it.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    /// <returns>Null where nothing was measured.</returns>
    public static Spread? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            return null;
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>The quotients of two series, each of one round: what troubled the machine then troubled both.</summary>
    public static Spread? OfRatios(IEnumerable<double> values, IEnumerable<double> basis) => Of(values.Zip(basis, (value, one) => value / one));
}
