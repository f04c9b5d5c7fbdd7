using System.Management.Automation;

namespace Authress.PowerShell.Pipeline;

/// <summary>How long an invocation may send requests and write to the pipeline.</summary>
internal sealed class CommandLifetime : IDisposable
{
    // Immediate cancellation would make the outcome of a change unknown.
    private static readonly TimeSpan ChangeGrace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _reads = new();
    private readonly CancellationTokenSource _changes = new();
    private bool _outputClosed;

    /// <summary>Cancelled when the user stops the pipeline: from then on no request begins.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancels requests that only read, immediately at a stop.</summary>
    public CancellationToken Reads => _reads.Token;

    /// <summary>Cancels requests that change something, a few seconds after a stop.</summary>
    public CancellationToken Changes => _changes.Token;

    /// <summary>Whether the user has stopped the pipeline. From then on every Write call throws.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Throws after a stop.</summary>
    public void ThrowIfStopping()
    {
        if (IsStopping)
            throw new PipelineStoppedException();
    }

    /// <summary>Whether the pipeline still accepts output.</summary>
    public bool TakesOutput => !_outputClosed && !IsStopping;

    /// <summary>The user stopped the pipeline. Called on another thread.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _changes.CancelAfter(ChangeGrace);
        _reads.Cancel();
    }

    /// <summary>An error is about to end the command: requests in flight have a few seconds to end.</summary>
    public void EndSoon()
    {
        _changes.CancelAfter(ChangeGrace);
        _reads.CancelAfter(ChangeGrace);
    }

    /// <summary>The pipeline accepts no more output, so reads are cancelled.</summary>
    public void CloseOutput()
    {
        _outputClosed = true;
        _changes.CancelAfter(ChangeGrace);
        _reads.Cancel();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _reads.Dispose();
        _changes.Dispose();
    }
}
