namespace Authress.Bench.Subjects;

/// <summary>A way to talk to Authress, in the process that is measured.</summary>
internal interface IBenchmarkSubject : IDisposable
{
    /// <summary>What it is, with its version.</summary>
    string Version { get; }

    /// <summary>Does what is to be measured.</summary>
    Task<Outcome> RunAsync(Order order);
}
