using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Rotations;

/// <summary>
/// <para type="synopsis">Deletes the access key that a rotation replaced, once the overlap has passed and the delivered key is proved again.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "AuthressAccessKeyRotation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = CommandText.HelpPages + "Complete-AuthressAccessKeyRotation.md")]
[OutputType(typeof(AccessKeyRotation))]
public sealed class CompleteAuthressAccessKeyRotationCommand : RotationCommand
{
    private const int DefaultWaitSec = 30;

    /// <summary>The ids of the clients whose rotation is completed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>The key to delete, where the journal does not know the rotation.</summary>
    [Parameter]
    [KeyIdTransformation(IsSingle = true)]
    [ArgumentCompleter(typeof(KeyIdCompleter))]
    public string? KeyId { get; set; }

    /// <summary>How long the replaced key goes on working, where the journal does not know the rotation. The default is 24 hours.</summary>
    [Parameter]
    [PeriodTransformation]
    public TimeSpan OverlapPeriod { get; set; } = RotationOptions.DefaultOverlap;

    /// <summary>How many seconds to wait until the delivered key works. The default is 30.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(0, 3600)]
    public int WaitSec { get; set; } = DefaultWaitSec;

    /// <summary>Does not wait for the rest of the overlap, and tries again after three failures. Never skips the proof, and does not suppress a confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    // What another row holds is not deleted, whichever comes first.
    private protected override Gathering Gathers => ReadScript is null ? Gathering.Always : base.Gathers;

    // It reads the destination, for which the pipeline's thread must be free.
    private protected override bool Rehearses => false;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId)))
            return;
        foreach (string clientId in ClientId)
            Complete(clientId);
    }

    private void Complete(string clientId)
    {
        if (Reject(Wildcard.FindInClientId(clientId)) || RejectUnsendable(clientId, clientId, (api, cancellation) => api.DeleteAccessKeyAsync(clientId, clientId, cancellation)))
            return;
        RotationOptions options = Session.Options(clientId) with
        {
            KeyId = string.IsNullOrEmpty(KeyId) ? null : KeyId,
            Overlap = MyInvocation.BoundParameters.ContainsKey(nameof(OverlapPeriod)) ? OverlapPeriod : null,
            Wait = TimeSpan.FromSeconds(WaitSec),
            Force = Force,

            // A row may be piped only because its destination may hold the key of another one.
            IsWitness = WithoutJournal && MyInvocation.ExpectingInput,
        };
        ErrorRecord? error = null;
        RotationTarget? target = null;
        try
        {
            target = Session.Open(Destination.IsNone && !WithoutJournal ? Session.FindOpen(options, ReadScript) : Destination, clientId, saves: false, out error);

            // A link of its path may lead elsewhere by now.
            if (target is not null && Piped.Text(nameof(OutFile)) == (OutFile ?? string.Empty) && Session.FindPlace(clientId, Piped.Text(nameof(AccessKeyRotation.RotationId))) is { } place)
                target = target with { Place = target.Place with { Identity = place.Identity } };
        }
        catch (Exception e) when (e is RotationException or JournalException)
        {
            error = ErrorFactory.FromRotation(e, clientId);
        }

        if (!Reject(error))
            QueueChange(clientId, clientId, Session.Complete(options, target!), () => true, Write);
    }

    private void Write(AccessKeyRotation? rotation)
    {
        if (rotation is { State: RotationState.Completed, ReplacedKeyId: { } replaced })
            Current.Cache.RemoveKey(rotation.ClientId, replaced);
        if (rotation is not null)
            WriteObject(rotation);
    }
}
