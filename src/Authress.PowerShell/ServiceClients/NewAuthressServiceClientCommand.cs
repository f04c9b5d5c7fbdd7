using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Creates a service client.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressServiceClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpLinks.Base + "New-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed class NewAuthressServiceClientCommand : BulkCommand
{
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

    // What may or may not have been made: looked for at the end, all with one listing.
    private readonly List<(AuthressApiException Failure, object? Target)> _unknown = [];

    /// <summary>The piped object itself, so that an error names the row that it comes from. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(Name), nameof(Tag), nameof(GrantUserPermissionsAccess), nameof(GrantTokenGeneration), nameof(RateLimit))]
    public PSObject? PipedObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ServiceClientChange content = ServiceClientValues.ToChange(Name, Tag, GrantUserPermissionsAccess, GrantTokenGeneration, RateLimit);
        if (PipedObject is not null && content.IsEmpty)
        {
            // What is left of a spreadsheet's empty line.
            Refuse(ErrorFactory.NothingGiven(PipedObject));
            return;
        }

        string shown = string.IsNullOrEmpty(Name) ? Messages.UnnamedClient : Name!;

        // Said before it is done, so that -WarningAction Inquire or Stop can still prevent it.
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
        if (!failure.OutcomeUnknown)
        {
            base.WriteFailure(failure, target);
            return;
        }

        // Told when it is known what came of it; at once where it is the last that this command says.
        _unknown.Add((failure, target));
        if (StopsAtError)
            WriteUnknown();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The pipeline ended before they could be looked for.
            foreach ((_, object? target) in _unknown)
                ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, ErrorFactory.Name(target));
        }

        base.Dispose(disposing);
    }

    private void WriteUnknown()
    {
        if (_unknown.Count == 0)
            return;
        Read(async (api, cancellation) =>
        {
            await api.FindCreatedAsync([.. _unknown.Select(one => one.Failure)], cancellation).ConfigureAwait(false);
            return true;
        });

        // One by one: where an error ends the pipeline, those after it are still to be told.
        while (_unknown.Count > 0)
        {
            (AuthressApiException failure, object? target) = _unknown[0];
            _unknown.RemoveAt(0);
            try
            {
                base.WriteFailure(failure, target);
            }
            catch (PipelineStoppedException)
            {
                // A stop came between the search and the words about it.
                _unknown.Insert(0, (failure, target));
                throw;
            }
        }
    }
}
