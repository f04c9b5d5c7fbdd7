namespace Authress.Bench.Subjects;

/// <summary>A client of Authress in the measured process.</summary>
internal interface IBenchmarkSubject : IDisposable
{
    /// <summary>Its name and version.</summary>
    string Version { get; }

    /// <summary>Runs the measured operations.</summary>
    Task<Outcome> RunAsync(BenchmarkJob job);
}
