using System.Globalization;

namespace Authress.Bench.Reports;

/// <summary>A target.</summary>
/// <param name="What">The description.</param>
/// <param name="Target">The minimum, or the maximum.</param>
/// <param name="Measured">The measured value; null if it could not be measured.</param>
internal sealed record Requirement(string What, double Target, Spread? Measured)
{
    /// <summary>Whether the target is a maximum.</summary>
    public bool IsUpperBound { get; init; }

    /// <summary>The unit; empty for a ratio.</summary>
    public string Unit { get; init; } = string.Empty;

    /// <summary>Whether all other conditions are met.</summary>
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
