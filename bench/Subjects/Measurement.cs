using System.Diagnostics;

namespace Authress.Bench.Subjects;

/// <summary>Measures from its creation on.</summary>
internal sealed class Measurement
{
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private long _started = Stopwatch.GetTimestamp();
    private double? _first;
    private long _heap;
    private long _workingSet;
    private long _heapPeak;
    private long _workingSetPeak;

    /// <summary>Restarts the measurement, to exclude the preparation.</summary>
    public void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Called at the first object of a stream, and at intervals after it.</summary>
    public void Watch()
    {
        // The size at the last collection. A forced collection would change the measurement.
        long heap = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
        long workingSet = Environment.WorkingSet;
        if (_first is null)
        {
            _first = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            _heap = heap;
            _workingSet = workingSet;
        }

        _heapPeak = Math.Max(_heapPeak, heap);
        _workingSetPeak = Math.Max(_workingSetPeak, workingSet);
    }

    public Outcome End(Tally tally) => new(tally.Done, Stopwatch.GetElapsedTime(_started).TotalSeconds)
    {
        Failed = tally.Failed,
        FirstError = tally.FirstError,
        ProcessorSeconds = (Environment.CpuUsage.TotalTime - _processor).TotalSeconds,
        AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _allocated,
        FirstSeconds = _first,
        HeapGrowth = _first is null ? null : _heapPeak - _heap,
        WorkingSetGrowth = _first is null ? null : _workingSetPeak - _workingSet,
    };
}
