using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Creates a service client.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "New-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed class NewAuthressServiceClientCommand : BulkCommand
{
    private UnknownCreations _unknown = null!;

    /// <summary>The name that people see, up to 128 characters.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    public string? Name { get; set; }

    /// <summary>Labels, as a hashtable or as text such as <c>env=prod;team=a</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TagTransformation]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag { get; set; }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantUserPermissionsAccess { get; set; }

    /// <summary>Whether the client may create tokens for any user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantTokenGeneration { get; set; }

    /// <summary>How many requests the client may make in a period, such as <c>PT1H:1000</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RateLimitTransformation]
    [ArgumentCompleter(typeof(RateLimitCompleter))]
    public RateLimit? RateLimit { get; set; }

    private protected override PipedInput Piped { get; } = new(nameof(Name), nameof(Tag), nameof(GrantUserPermissionsAccess), nameof(GrantTokenGeneration), nameof(RateLimit));

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _unknown = new UnknownCreations(
            LookUp,
            base.WriteFailure,
            target => ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, ErrorFactory.Name(target)));
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ServiceClientChange content = ServiceClientValues.ToChange(Name, Tag, GrantUserPermissionsAccess, GrantTokenGeneration, RateLimit);

        // What is left of a spreadsheet's empty line.
        if (Reject(Piped.Value is { } row && content.IsEmpty ? ErrorFactory.NothingGiven(row) : null))
            return;
        string shown = string.IsNullOrEmpty(Name) ? Messages.UnnamedClient : Name!;

        // Before the change, so that -WarningAction Inquire or Stop can prevent it.
        if (GrantTokenGeneration == true)
            WriteWarning(CommandText.Format(Messages.TokenGenerationWarning, shown));
        if (this.ShouldDo(Messages.CreateServiceClient, Messages.CreateServiceClientDescription, Messages.CreateServiceClientQuery, shown))
            QueueChange(Piped.Value ?? (object?)Name, clientId: null, (api, cancellation) => api.CreateServiceClientAsync(content, cancellation), Write);
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _unknown.Write();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _unknown?.Report();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override void WriteFailure(AuthressApiException failure, object? target)
    {
        if (!failure.OutcomeUnknown)
        {
            base.WriteFailure(failure, target);
            return;
        }

        // Written at the end, when it is known what was created; at once where it ends the command.
        _unknown.Add(failure, target);
        if (StopsAtError)
            _unknown.Write();
    }

    private void LookUp(IReadOnlyList<AuthressApiException> failures) => Read(async (api, cancellation) =>
    {
        await api.FindCreatedAsync(failures, cancellation).ConfigureAwait(false);
        return true;
    });

    private void Write(ServiceClient client)
    {
        Current.Cache.Add(client);
        WriteObject(client);
    }
}
