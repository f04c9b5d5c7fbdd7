using System.Collections.Concurrent;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Makes every run of the matrix once, for all its tests. Many run at a time, since they mostly wait.</summary>
/// <remarks>
/// The types of the matrix:
/// <list type="bullet">
/// <item><see cref="MatrixOperation"/>: an operation of the API, a column. Its <see cref="OperationKind"/> decides whether a
/// request may be sent again.</item>
/// <item><see cref="FaultCase"/>: a fault, a row, with its <see cref="FaultClass"/> and its <see cref="Execution"/>.</item>
/// <item><see cref="MatrixRun"/>: one operation under one fault, for one request or for all of them.</item>
/// <item><see cref="ExpectedOutcomes"/>: the expected <see cref="Outcome"/> of a run, derived from the API's retry rules.</item>
/// <item><see cref="Observation"/>: the observed <see cref="Outcome"/>, with anything wrong beside it.</item>
/// <item><see cref="Candidates"/>: what an error reports of objects that the request may have created.</item>
/// </list>
/// </remarks>
public sealed class FaultMatrix : IAsyncLifetime
{
    private const int AtATime = 16;

    private readonly ConcurrentDictionary<string, Task<Observation>> _observed = new();

    internal static IReadOnlyList<MatrixRun> Runs { get; } =
    [
        .. from fault in FaultCases.All
           from operation in MatrixOperation.All
           from always in new[] { false, true }
           where ExpectedOutcomes.ReasonLeftOut(operation, fault, always) is null
           select new MatrixRun(operation, fault, always),
    ];

    public async ValueTask InitializeAsync()
    {
        // The longest runs start first, so that the last ones are short.
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

                    // A session runs one script at a time. The run's own test reports its failure.
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
