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
/// <para type="synopsis">Changes a service client: reads it, merges in your changes, and writes it back.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "AuthressServiceClient", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "Set-AuthressServiceClient.md")]
[Alias("Update-AuthressServiceClient")]
[OutputType(typeof(ServiceClient))]
public sealed partial class SetAuthressServiceClientCommand : BulkCommand
{
    private const string InputObjectSet = "InputObject";
    private const string IdSet = "Id";

    private bool _whatIf;

    /// <summary>A client that was fetched and then edited. Only the edits are written.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [ServiceClientTransformation]
    public ServiceClient InputObject { get; set; } = null!;

    /// <summary>The id of the client to change.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string ClientId { get; set; } = string.Empty;

    /// <summary>The fields to clear. An empty value never clears a field.</summary>
    [Parameter]
    [NoCredentialTransformation]
    public ClearableField[] Clear { get; set; } = [];

    /// <summary>Returns the client after the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { ReadsFields = true, ParameterSet = IdSet };

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _whatIf = new CommandPreferences(this).WhatIf;

        // On the command line an empty value is a mistake; in a row it is an empty cell.
        foreach (ServiceClientField field in ServiceClientFields.All.Where(field => MyInvocation.BoundParameters.ContainsKey(field.Name) && _given[field] is null && !Clear.Any(cleared => cleared.ToString() == field.Name)))
            WriteWarning(CommandText.Format(field.IsClearable ? Messages.EmptyValueIgnored : Messages.EmptyGrantIgnored, field.Name));
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ServiceClient? edited = ParameterSetName == InputObjectSet ? InputObject : null;
        if (edited is null && Reject(Piped.FindContradiction(ClientId)))
            return;
        object target = edited ?? Piped.Value ?? (object)ClientId;
        string clientId = edited?.ClientId ?? ClientId;
        ServiceClientChange change = edited is null ? new() : ReadEdits(edited);

        // The current name in Authress, because users don't know the new one yet.
        string shown = CommandText.Name(clientId, change.Name.HasOriginalValue ? change.Name.OriginalValue : edited?.Name);
        if (!_given.TryAddTo(change, edited is null ? Piped.Value : null, Clear, out string twice))
        {
            Reject(ErrorFactory.ClearedAndSet(twice, target));
            return;
        }

        if (change.IsEmpty)
        {
            // An object without edits, or a row of empty cells.
            WriteVerbose(CommandText.Format(Messages.NothingToChange, shown));
            if (PassThru)
                QueueRead(target, clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), WriteObject);
            return;
        }

        QueueChange(
            target,
            clientId,
            (api, cancellation) => api.UpdateServiceClientAsync(clientId, change, cancellation),
            () => Confirm(clientId, shown, change),
            updated => Write(updated, change, edited));
    }

    private bool Confirm(string clientId, string shown, ServiceClientChange change)
    {
        if (change.GrantTokenGeneration.Value)
            WriteWarning(CommandText.Format(Messages.TokenGenerationWarning, clientId));

        // With -Verbose, PowerShell writes the description now. Only the client's present values show whether there is a change.
        string description = _whatIf ? Messages.UpdateServiceClientDescription : Messages.CompareServiceClientDescription;
        return this.ShouldDo(Messages.UpdateServiceClient, description, Messages.UpdateServiceClientQuery, shown, string.Join(", ", change.Fields.Select(field => field.Name)));
    }

    private ServiceClientChange ReadEdits(ServiceClient edited)
    {
        // An earlier change of the same object determines what counts as edited.
        FinishEarlier(edited.ClientId);
        ServiceClientChange change = ServiceClientChange.FromEdited(edited, out IReadOnlyList<string> emptied);
        foreach (string field in emptied.Except(Clear.Select(cleared => cleared.ToString())))
            WriteWarning(CommandText.Format(Messages.EmptiedFieldKept, field, edited.ClientId));
        return change;
    }

    private void Write(ServiceClientUpdateResult updated, ServiceClientChange change, ServiceClient? edited)
    {
        Current.Cache.Add(updated.Client);
        if (edited is not null)
            change.AcceptChanges(edited);
        WriteVerbose(CommandText.Format(updated.WasWritten ? Messages.ServiceClientChanged : Messages.NothingToChange, CommandText.Name(updated.Client.ClientId, updated.Client.Name)));
        if (PassThru)
            WriteObject(updated.Client);
    }
}
