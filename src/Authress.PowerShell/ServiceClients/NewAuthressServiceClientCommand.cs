using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Creates a service client.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpLinks.Base + "New-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed partial class NewAuthressServiceClientCommand : BulkCommand
{
    private readonly UnknownCreations _unknown = new();

    /// <summary>The piped object itself, so that an error names its row. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(TakesFields = true)]
    public PSObject? PipedObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ServiceClientChange content = new();
        _given.AddTo(content);
        if (PipedObject is not null && content.IsEmpty)
        {
            // An empty line of a spreadsheet.
            Refuse(ErrorFactory.NothingGiven(PipedObject));
            return;
        }

        string shown = Name ?? Messages.UnnamedClient;

        // Before the change, so that -WarningAction Inquire or Stop can prevent it.
        if (GrantTokenGeneration == true)
            Warn(Messages.TokenGenerationWarning, shown);
        if (ShouldDo(Messages.CreateServiceClient, Messages.CreateServiceClientDescription, Messages.CreateServiceClientQuery, shown))
            QueueChange(PipedObject ?? (object?)Name, clientId: null, (api, cancellation) => api.CreateServiceClientAsync(content, cancellation), Write);
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        base.EndProcessing();
        WriteUnknown();
    }

    /// <inheritdoc />
    private protected override void WriteFailure(AuthressApiException failure, object? target)
    {
        if (failure.OutcomeUnknown)
            _unknown.Add(failure, target);
        else
            base.WriteFailure(failure, target);

        // The error that ends the command can't wait for the end.
        if (StopsAtError)
            WriteUnknown();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // The pipeline ended before the search.
        if (disposing)
        {
            foreach (object? target in _unknown.Targets)
                ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, ErrorFactory.Name(target));
        }

        base.Dispose(disposing);
    }

    private void WriteUnknown()
    {
        if (_unknown.IsEmpty)
            return;
        Read(async (api, cancellation) =>
        {
            await api.FindCreatedAsync(_unknown.Failures, cancellation).ConfigureAwait(false);
            return true;
        });
        _unknown.Write(base.WriteFailure);
    }
}
