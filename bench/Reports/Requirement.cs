using System.Globalization;

namespace Authress.Bench.Reports;

/// <summary>Something that must be reached.</summary>
/// <param name="What">What, in words.</param>
/// <param name="Target">The number that it must not fall below, or not exceed.</param>
/// <param name="Measured">What was measured; null where it could not be.</param>
internal sealed record Requirement(string What, double Target, Spread? Measured)
{
    /// <summary>Whether less is better.</summary>
    public bool IsUpperBound { get; init; }

    /// <summary>The unit; nothing for a ratio.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>Whether anything besides the number is as it must be.</summary>
    public bool Otherwise { get; init; } = true;

    public bool? IsReached => Measured is null ? null : Otherwise && (IsUpperBound ? Measured.Median <= Target : Measured.Median >= Target);

    public string TargetText => (IsUpperBound ? "at most " : "at least ") + Format(Target);

    public string MeasuredText => Measured is null ? "not here"
        : Measured.Least == Measured.Most ? Format(Measured.Median)
        : $"{Format(Measured.Median)} ({Format(Measured.Least)} to {Format(Measured.Most)})";

    private string Format(double value) => Unit.Length == 0
        ? value.ToString("0.00", CultureInfo.InvariantCulture)
        : value.ToString("0.#", CultureInfo.InvariantCulture) + " " + Unit;
}
