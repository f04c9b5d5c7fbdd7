namespace Authress.Bench.Subjects;

/// <summary>The result of an order: a line of JSON on a subject's standard output.</summary>
/// <param name="Done">How many operations succeeded; for the list, how many clients came.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Outcome(int Done, double Seconds)
{
    /// <summary>How many operations failed.</summary>
    public int Failed { get; init; }

    /// <summary>What the first of them failed with.</summary>
    public string? FirstError { get; init; }

    /// <summary>The bytes allocated meanwhile; null where the subject can't measure it.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>How much of the processors' time it took, in this process alone.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>When the first client of the list was there.</summary>
    public double? FirstSeconds { get; init; }

    /// <summary>How much more memory the process held at the most, compared with when the first client was there.</summary>
    public long? WorkingSetGrowth { get; init; }

    /// <summary>The same of what the garbage collector found in use.</summary>
    public long? HeapGrowth { get; init; }

    public double OperationsPerSecond => Done / Seconds;

    public double ProcessorMicrosecondsPerOperation => ProcessorSeconds * 1e6 / Done;

    public double? BytesPerOperation => AllocatedBytes / (double)Done;
}
