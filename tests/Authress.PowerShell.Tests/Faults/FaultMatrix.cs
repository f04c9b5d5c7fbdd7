using System.Collections.Concurrent;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Runs all cells, many at a time, for they mostly wait.</summary>
public sealed class FaultMatrix : IAsyncLifetime
{
    private const int AtATime = 16;

    private readonly ConcurrentDictionary<string, Task<Observation>> _observed = new();

    internal static IReadOnlyList<Cell> Cells { get; } =
    [
        .. from fault in FaultCases.All
           from operation in MatrixOperation.All
           from always in new[] { false, true }
           where Rules.LeftOut(operation, fault, always) is null
           select new Cell(operation, fault, always),
    ];

    public async ValueTask InitializeAsync()
    {
        // Those that take longest first, so that nobody waits for them at the end.
        ConcurrentQueue<Cell> queue = new(Cells.OrderBy(cell => cell.Fault.Acting switch
        {
            Acting.Late => 0,
            Acting.Soon => 1,
            _ => cell.Fault.ErrorId == "TimedOut" || cell.Fault.Wait > 0 ? 2 : 3,
        }));
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using Shell shell = new();
                while (queue.TryDequeue(out Cell? cell))
                {
                    Task<Observation> observing = cell.ObserveAsync(shell);
                    _observed[cell.Name] = observing;

                    // A session runs one script at a time. Whether it failed is for the cell's own test to say.
                    ((IAsyncResult)observing).AsyncWaitHandle.WaitOne();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal Task<Observation> Observed(Cell cell) => _observed[cell.Name];
}
