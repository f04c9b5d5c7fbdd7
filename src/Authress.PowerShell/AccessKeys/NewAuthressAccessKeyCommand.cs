using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Creates an access key for a service client. Its secret is returned only once.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressAccessKey", DefaultParameterSetName = SecureStringSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "New-AuthressAccessKey.md")]
[OutputType(typeof(IssuedAccessKey), typeof(PlainTextAccessKey))]
public sealed class NewAuthressAccessKeyCommand : BulkCommand
{
    private const string SecureStringSet = "SecureString";
    private const string PlainTextSet = "PlainText";
    private const string OutFileSet = "OutFile";

    private SecretDelivery _delivery = null!;

    /// <summary>Creates the cmdlet. One key at a time by default: creation may be limited, and each secret must be stored.</summary>
    public NewAuthressAccessKeyCommand()
        : base(usualThrottle: 1)
    {
    }

    /// <summary>The ids of the clients to create a key for, one each.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>Returns the secrets as plain text instead of as SecureString.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlainTextSet)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>
    /// The path of a new file that receives the access key, which only its owner can read. It holds one key, for
    /// Connect-Authress -KeyFile.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OutFileSet)]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Replaces an existing file. Does not suppress a confirmation.</summary>
    [Parameter(ParameterSetName = OutFileSet)]
    public SwitchParameter Force { get; set; }

    // A destination holds one key, and is prepared only while that key is created.
    private protected override bool OneAtATime => OutFile is not null;

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _delivery = new SecretDelivery(OutFile is null ? null : new FileDestination(this, OutFile, Force), new CommandPreferences(this).WhatIf);

        // Such a session returns only a copy without secrets, unless they are requested as text.
        if (OutFile is null && !AsPlainText && SerializedOutput.IsUsedBy(Host))
            WriteWarning(Messages.SecretStaysInside);
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Reject(Piped.FindContradiction(ClientId)))
            return;
        foreach (string clientId in ClientId)
        {
            string shown = CommandText.Name(clientId, Piped.Text(nameof(ServiceClient.Name)));
            using (_delivery)
                QueueChange(clientId, clientId, (api, cancellation) => api.CreateAccessKeyAsync(clientId, cancellation), () => Confirm(shown), Write, DeleteAgain);
        }
    }

    private bool Confirm(string shown) =>
        !Reject(_delivery.Check())
        && this.ShouldDo(Messages.CreateAccessKey, Messages.CreateAccessKeyDescription, Messages.CreateAccessKeyQuery, shown)
        && !Reject(_delivery.Prepare());

    // A secret that could not be delivered is returned as the object, and as the error's target: -ErrorAction Stop takes
    // the object away.
    private void Write(IssuedAccessKey key)
    {
        ErrorRecord? notDelivered = _delivery.Deliver(key);
        (string clientId, string keyId) = (key.ClientId, key.KeyId);
        try
        {
            WriteObject(AsPlainText ? PlainTextAccessKey.From(key) : key);
        }
        catch (RuntimeException) when (!_delivery.IsDone)
        {
            // After a stop, or an error of the next command, which may have saved the secret, the key is kept and reported.
            // Select-Object -First ends the pipeline with a different exception.
            ReportAfterStop(Messages.KeyHandedOnAtStop, keyId, clientId);
            throw;
        }

        if (notDelivered is not null)
            WriteError(notDelivered);
    }

    // The secret can't be written any more, so the key would be an orphan.
    private Rollback<IssuedAccessKey> DeleteAgain => new(
        (api, key, cancellation) => api.DeleteAccessKeyAsync(key.ClientId, key.KeyId, cancellation),
        (key, deleted) => ReportAfterStop(deleted ? Messages.StoppedAfterKey : Messages.StoppedAfterKeyLeft, key.KeyId, key.ClientId));
}
