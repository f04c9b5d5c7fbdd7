using System.Collections.Concurrent;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Runs all runs, many at a time, for they mostly wait.</summary>
public sealed class FaultMatrix : IAsyncLifetime
{
    private const int AtATime = 16;

    private readonly ConcurrentDictionary<string, Task<Observation>> _observed = new();

    internal static IReadOnlyList<MatrixRun> Runs { get; } =
    [
        .. from fault in FaultCases.All
           from operation in MatrixOperation.All
           from always in new[] { false, true }
           where Rules.ReasonLeftOut(operation, fault, always) is null
           select new MatrixRun(operation, fault, always),
    ];

    public async ValueTask InitializeAsync()
    {
        // Those that take longest first, so that nobody waits for them at the end.
        ConcurrentQueue<MatrixRun> queue = new(Runs.OrderBy(run => run.Fault.Execution switch
        {
            Execution.Late => 0,
            Execution.Soon => 1,
            _ => run.Fault.ErrorId == "TimedOut" || run.Fault.Wait > 0 ? 2 : 3,
        }));
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using Shell shell = new();
                while (queue.TryDequeue(out MatrixRun? run))
                {
                    Task<Observation> observing = run.ObserveAsync(shell);
                    _observed[run.Name] = observing;

                    // A session runs one script at a time. Whether it failed is for the run's own test to say.
                    ((IAsyncResult)observing).AsyncWaitHandle.WaitOne();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal Task<Observation> Observed(MatrixRun run) => _observed[run.Name];
}
