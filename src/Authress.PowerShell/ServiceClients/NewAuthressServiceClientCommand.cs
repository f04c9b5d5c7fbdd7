using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Creates a service client.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "New-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed partial class NewAuthressServiceClientCommand : BulkCommand
{
    private readonly UnknownCreations _unknown = new();

    private protected override PipedInput Piped { get; } = new() { ReadsFields = true };

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ServiceClientChange content = new();
        _given.AddTo(content, Piped.Value);

        // An empty line of a spreadsheet, or an empty text among the piped names.
        bool isEmptyText = MyInvocation.ExpectingInput && Piped.Value is null && string.IsNullOrEmpty(Name);
        if (Reject(content.IsEmpty || isEmptyText ? ErrorFactory.NothingGiven(Piped.Value) : null))
            return;
        QueueChange(Piped.Value ?? (object?)Name, clientId: null, (api, cancellation) => api.CreateServiceClientAsync(content, cancellation), () => Confirm(content), WriteObject);
    }

    private bool Confirm(ServiceClientChange content)
    {
        string shown = Name ?? Messages.UnnamedClient;

        // Before the change, so that -WarningAction Inquire or Stop can prevent it.
        if (content.GrantTokenGeneration.Value)
            WriteWarning(CommandText.Format(Messages.TokenGenerationWarning, shown));
        return this.ShouldDo(Messages.CreateServiceClient, Messages.CreateServiceClientDescription, Messages.CreateServiceClientQuery, shown);
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

        // An error that ends the command is written immediately.
        if (StopsAtError)
            WriteUnknown();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        // The pipeline ended before the search.
        foreach (object? target in _unknown.Targets)
            ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, ErrorFactory.Name(target));
        base.Dispose();
        GC.SuppressFinalize(this);
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
