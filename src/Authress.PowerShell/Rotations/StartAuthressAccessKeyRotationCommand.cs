using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Rotations;

/// <summary>
/// <para type="synopsis">Replaces the access key that a destination holds by a new one that is proved to work. Deletes nothing that is in use.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "AuthressAccessKeyRotation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "Start-AuthressAccessKeyRotation.md")]
[OutputType(typeof(AccessKeyRotation))]
public sealed class StartAuthressAccessKeyRotationCommand : RotationCommand
{
    /// <summary>The ids of the clients whose key is rotated, one each.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>The key to replace. The default is the key that the destination holds, or else the client's only other key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [KeyIdTransformation(IsSingle = true)]
    [ArgumentCompleter(typeof(KeyIdCompleter))]
    public string? KeyId { get; set; }

    /// <summary>Starts a rotation only where the destination's key is older: a number of days, a time span or a date.</summary>
    [Parameter]
    [AgeTransformation]
    [ValidateNotNull]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>How long the replaced key goes on working. The default is 24 hours, since tokens live that long.</summary>
    [Parameter]
    [PeriodTransformation]
    public TimeSpan OverlapPeriod { get; set; } = RotationOptions.DefaultOverlap;

    /// <summary>How many seconds to wait until a new key works. The default is 600.</summary>
    [Parameter]
    [NoCredentialTransformation, ValidateRange(0, 3600)]
    public int WaitSec { get; set; } = (int)RotationOptions.DefaultWait.TotalSeconds;

    /// <summary>A script that saves the access key, which is its $_ and first argument.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNull]
    public ScriptBlock? SaveScript { get; set; }

    /// <summary>Tries again after three failures, replaces content that is not an access key of the client, and continues what another run may be working on. Does not suppress a confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    private protected override ScriptBlock? Saving => SaveScript;

    // It reads the destination, for which the pipeline's thread must be free.
    private protected override bool Rehearses => false;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId)))
            return;
        foreach (string clientId in ClientId)
            Start(clientId);
    }

    private void Start(string clientId)
    {
        if (Reject(Wildcard.FindInClientId(clientId)) || RejectUnsendable(clientId, clientId, (api, cancellation) => api.CreateAccessKeyAsync(clientId, cancellation)))
            return;

        // The key is deleted once the rotation is completed.
        if (KeyId is { Length: > 0 } keyId && Reject(PipedKey.FindForgery(this, Piped.Value, clientId, keyId)))
            return;
        RotationTarget? target = Session.Open(Destination, clientId, saves: true, out ErrorRecord? error);
        if (target is null)
        {
            Reject(error);
            return;
        }

        RotationOptions options = Session.Options(clientId) with
        {
            KeyId = KeyId is { Length: > 0 } ? KeyId : null,
            OlderThan = OlderThan,
            Overlap = MyInvocation.BoundParameters.ContainsKey(nameof(OverlapPeriod)) ? OverlapPeriod : null,
            Wait = TimeSpan.FromSeconds(WaitSec),
            Force = Force,
        };
        QueueChange(clientId, clientId, Session.Start(options, target), () => true, Write);
    }

    private void Write(AccessKeyRotation? rotation)
    {
        if (rotation is not null)
            WriteObject(rotation);
    }
}
