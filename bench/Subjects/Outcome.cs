namespace Authress.Bench.Subjects;

/// <summary>The result of a job: a line of JSON on a subject's standard output.</summary>
/// <param name="Done">How many operations succeeded; for the list, how many clients were returned.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Outcome(int Done, double Seconds)
{
    /// <summary>How many operations failed.</summary>
    public int Failed { get; init; }

    /// <summary>The first error.</summary>
    public string? FirstError { get; init; }

    /// <summary>The allocated bytes; null if the subject can't measure them.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The processor time of this process.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>The time to the first client of the list.</summary>
    public double? FirstSeconds { get; init; }

    /// <summary>The maximum growth of the process's memory after the first client.</summary>
    public long? WorkingSetGrowth { get; init; }

    /// <summary>The same for the memory in use, according to the garbage collector.</summary>
    public long? HeapGrowth { get; init; }

    public double OperationsPerSecond => Done / Seconds;

    public double ProcessorMicrosecondsPerOperation => ProcessorSeconds * 1e6 / Done;

    public double? BytesPerOperation => AllocatedBytes / (double)Done;
}
