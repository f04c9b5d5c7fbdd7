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
/// <para type="synopsis">Changes a service client: reads it, merges in what is given, and writes it back.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "AuthressServiceClient", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "Set-AuthressServiceClient.md")]
[Alias("Update-AuthressServiceClient")]
[OutputType(typeof(ServiceClient))]
public sealed class SetAuthressServiceClientCommand : BulkCommand
{
    private const string InputObjectSet = "InputObject";
    private const string IdSet = "Id";

    /// <summary>A client that was fetched and then edited. Only what was edited is written.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [ServiceClientTransformation]
    public ServiceClient InputObject { get; set; } = null!;

    /// <summary>The id of the client to change.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string ClientId { get; set; } = string.Empty;

    /// <summary>The new name, up to 128 characters.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    public string? Name { get; set; }

    /// <summary>The new tags. They replace all that are there.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [TagTransformation]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag { get; set; }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantUserPermissionsAccess { get; set; }

    /// <summary>Whether the client may create tokens for any user.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantTokenGeneration { get; set; }

    /// <summary>The new rate limit, such as <c>PT1H:1000</c>.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [RateLimitTransformation]
    [ArgumentCompleter(typeof(RateLimitCompleter))]
    public RateLimit? RateLimit { get; set; }

    /// <summary>The fields to empty. An empty value never does.</summary>
    [Parameter]
    public ClearableField[] Clear { get; set; } = [];

    /// <summary>Returns the client as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override PipedInput Piped { get; } = new(nameof(ClientId), nameof(Name), nameof(Tag), nameof(GrantUserPermissionsAccess), nameof(GrantTokenGeneration), nameof(RateLimit)) { ParameterSet = IdSet };

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        bool edited = ParameterSetName == InputObjectSet;
        if (!edited && Reject(Piped.FindContradiction(ClientId)))
            return;
        object target = edited ? InputObject : Piped.Value ?? (object)ClientId;
        string clientId = edited ? InputObject.ClientId : ClientId;

        // The same object may be edited and piped again: it is then compared with the first edit.
        if (edited)
            FinishEarlier(clientId);
        ServiceClientChange change = edited ? ReadEdits() : new ServiceClientChange();

        // By the name that it has in Authress, not the new one.
        string? name = !edited ? null : change.Name.HasBasis ? change.Name.Basis : InputObject.Name;
        ServiceClientValues.AddTo(change, Name, Tag, GrantUserPermissionsAccess, GrantTokenGeneration, RateLimit);
        if (!ClearFields(change, target))
            return;
        if (change.IsEmpty)
        {
            // An unedited object, or a row of empty cells.
            if (PassThru)
                QueueRead(target, clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), client => Updated(client, change, edited: null));
            return;
        }

        if (change.GrantTokenGeneration is { IsGiven: true, Value: true })
            WriteWarning(CommandText.Format(Messages.TokenGenerationWarning, clientId));
        string shown = CommandText.Name(clientId, name);
        string what = ChangedFields(change);
        if (!this.ShouldDo(Messages.UpdateServiceClient, Messages.UpdateServiceClientDescription, Messages.UpdateServiceClientQuery, shown, what))
            return;
        ServiceClient? input = edited ? InputObject : null;
        QueueChange(target, clientId, (api, cancellation) => api.UpdateServiceClientAsync(clientId, change, cancellation), client => Updated(client, change, input));
    }

    private void Updated(ServiceClient client, ServiceClientChange change, ServiceClient? edited)
    {
        // Else the next edit of the same object would conflict with this one, or, undoing it, seem to be none.
        if (edited is not null)
            change.Settle(edited);
        Current.Cache.Add(client);
        if (PassThru)
            WriteObject(client);
    }

    private ServiceClientChange ReadEdits()
    {
        ServiceClientChange change = ServiceClientChange.FromEdited(InputObject, out IReadOnlyList<string> emptied);
        foreach (string field in emptied.Where(field => !Clear.Any(cleared => cleared.ToString() == field)))
            WriteWarning(CommandText.Format(Messages.EmptiedFieldKept, field, InputObject.ClientId));
        return change;
    }

    private bool ClearFields(ServiceClientChange change, object target)
    {
        foreach (ClearableField field in Clear)
        {
            bool isGiven = field switch
            {
                ClearableField.Name => !string.IsNullOrEmpty(Name),
                ClearableField.Tag => Tag is not null,
                _ => RateLimit is not null,
            };
            if (isGiven)
            {
                Reject(ErrorFactory.ClearedAndSet(field.ToString(), target));
                return false;
            }

            switch (field)
            {
                case ClearableField.Name:
                    change.Name = new(null);
                    break;
                case ClearableField.Tag:
                    change.Tag = new([]);
                    break;
                default:
                    change.RateLimit = new(null);
                    break;
            }
        }

        return true;
    }

    private static string ChangedFields(ServiceClientChange change)
    {
        List<string> fields = [];
        if (change.Name.IsGiven)
            fields.Add(nameof(Name));
        if (change.Tag.IsGiven)
            fields.Add(nameof(Tag));
        if (change.GrantUserPermissionsAccess.IsGiven)
            fields.Add(nameof(GrantUserPermissionsAccess));
        if (change.GrantTokenGeneration.IsGiven)
            fields.Add(nameof(GrantTokenGeneration));
        if (change.RateLimit.IsGiven)
            fields.Add(nameof(RateLimit));
        return fields.Count == 0 ? Messages.None : string.Join(", ", fields);
    }
}
