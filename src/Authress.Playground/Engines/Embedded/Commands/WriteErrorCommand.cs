using System.Management.Automation;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Write-Error: an error that does not end the pipeline.</summary>
[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = MessageSet)]
internal sealed class WriteErrorCommand : PSCmdlet
{
    private const string MessageSet = "Message";
    private const string ExceptionSet = "Exception";
    private const string RecordSet = "ErrorRecord";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = ExceptionSet)]
    [Alias("Msg")]
    [AllowEmptyString]
    public string? Message { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ExceptionSet)]
    public Exception? Exception { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = RecordSet)]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter(ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = ExceptionSet)]
    public ErrorCategory Category { get; set; }

    [Parameter(ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = ExceptionSet)]
    public string ErrorId { get; set; } = "WriteErrorException";

    [Parameter(ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = ExceptionSet)]
    public object? TargetObject { get; set; }

    protected override void ProcessRecord()
    {
        ErrorRecord record = ErrorRecord ?? new ErrorRecord(Exception ?? new RuntimeException(Message), ErrorId, Category, TargetObject);
        if (Exception is not null && !string.IsNullOrEmpty(Message))
            record.ErrorDetails = new ErrorDetails(Message);

        WriteError(record);
    }
}
