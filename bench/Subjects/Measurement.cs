using System.Diagnostics;

namespace Authress.Bench.Subjects;

/// <summary>Measures what happens from its making on.</summary>
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

    /// <summary>Begins only now: what came before was the way to it.</summary>
    public void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Called when the first object of a stream is there, and now and then from there on.</summary>
    public void Watch()
    {
        // What the collector found in use when it last ran. To make it run would change what is measured.
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
