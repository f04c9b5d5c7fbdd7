using System.Management.Automation;

namespace Authress.Bench.Subjects;

/// <summary>The end of a pipeline: drops each object, and notifies the measurement at intervals.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Stream")]
public sealed class StreamMeter : PSCmdlet
{
    /// <summary>How many clients pass between two measurements of the memory.</summary>
    internal const int Interval = 1000;

    private int _count;

    /// <summary>An object of the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>The measurement.</summary>
    [Parameter(Mandatory = true)]
    public object Measurement { get; set; } = null!;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (_count++ % Interval == 0)
            ((Measurement)((Measurement as PSObject)?.BaseObject ?? Measurement)).Watch();
    }

    /// <inheritdoc />
    protected override void EndProcessing() => WriteObject(_count);
}
