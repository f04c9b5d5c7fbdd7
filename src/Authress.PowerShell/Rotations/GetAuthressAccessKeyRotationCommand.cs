using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Rotations.Journals;

namespace Authress.PowerShell.Rotations;

/// <summary>
/// <para type="synopsis">Lists the rotations of access keys: what was interrupted, delivered, is due, or needs attention.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessKeyRotation", HelpUri = CommandText.HelpPages + "Get-AuthressAccessKeyRotation.md")]
[OutputType(typeof(AccessKeyRotation))]
public sealed class GetAuthressAccessKeyRotationCommand : RotationCommand
{
    /// <summary>The ids of the clients. The default is all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[]? ClientId { get; set; }

    /// <summary>The states to list. The default is all but Completed.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNullOrEmpty]
    public RotationState[]? State { get; set; }

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    // It locks nothing.
    private protected override Gathering Gathers => Gathering.Never;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId ?? [])))
            return;
        if (Destination.IsNone && !WithoutJournal)
        {
            ListJournal();
        }
        else if (!Reject(ClientId is null ? ErrorFactory.RotationClientMissing() : null))
        {
            foreach (string clientId in ClientId!)
                Inspect(clientId);
        }
    }

    private void Inspect(string clientId)
    {
        if (Session.Open(Destination, clientId, saves: false, out ErrorRecord? error) is { } target)
            QueueRead(clientId, clientId, Session.Inspect(Session.Options(clientId), target), Write);
        else
            Reject(error);
    }

    private void ListJournal()
    {
        FinishAll();
        try
        {
            foreach (string? clientId in (string?[]?)ClientId ?? [null])
            {
                foreach (FileJournal entry in Journals.Folder!.List(clientId))
                    WriteEntry(entry, clientId);
            }
        }
        catch (JournalException e)
        {
            WriteError(ErrorFactory.FromRotation(e, JournalPath));
        }
    }

    // A damaged entry does not hide the others.
    private void WriteEntry(FileJournal entry, string? clientId)
    {
        try
        {
            if (entry.Read() is { IsNote: false } rotation && (clientId is null || rotation.ClientId == clientId) && Session.IsOwn(rotation))
                Write(rotation.ToModel(DateTimeOffset.UtcNow, Journals.Folder!.Lock(rotation.ClientId).IsTaken()));
        }
        catch (Exception e) when (e is RotationException or JournalException)
        {
            WriteError(ErrorFactory.FromRotation(e, entry.FullPath));
        }
    }

    private void Write(AccessKeyRotation? rotation)
    {
        if (rotation is not null && (State is null ? rotation.State != RotationState.Completed : State.Contains(rotation.State)))
            WriteObject(rotation);
    }
}
