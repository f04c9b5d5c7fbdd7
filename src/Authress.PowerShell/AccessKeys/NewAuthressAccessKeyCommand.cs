using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Makes a new access key for a service client. Its secret is told only this once.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressAccessKey", DefaultParameterSetName = SecureStringSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpLinks.Base + "New-AuthressAccessKey.md")]
[OutputType(typeof(IssuedAccessKey), typeof(PlainTextAccessKey))]
public sealed class NewAuthressAccessKeyCommand : BulkCommand
{
    private const string SecureStringSet = "SecureString";
    private const string PlainTextSet = "PlainText";
    private const string OutFileSet = "OutFile";

    private bool _fileUsed;

    /// <summary>Creates the cmdlet. Keys are made one by one unless asked otherwise: creation may be limited, and each is a secret to keep.</summary>
    public NewAuthressAccessKeyCommand()
        : base(usualThrottle: 1)
    {
    }

    /// <summary>The ids of the clients to make a key for, one each.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>The piped object itself, whatever it is, so that one of another client is noticed. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(ClientId), TakesText = true)]
    public PSObject? PipedObject { get; set; }

    /// <summary>Returns the secrets as plain text instead of as SecureString.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlainTextSet)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>
    /// The path of a new file that receives the access key, readable by its owner alone. It takes one key, and is what
    /// Connect-Authress -KeyFile reads.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = OutFileSet)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Replaces a file that is there. Does not silence a confirmation.</summary>
    [Parameter(ParameterSetName = OutFileSet)]
    public SwitchParameter Force { get; set; }

    // A file takes one key, and is there only while that is made.
    private protected override bool OneAtATime => OutFile is not null;

    private protected override int? InputCount => ClientId.Length;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();

        // What leaves a job or a remote session is a copy without secrets.
        if (Host.Name == "ServerRemoteHost" && OutFile is null)
            WriteWarning(Messages.SecretStaysInside);
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseUnusedText(PipedObject) || RefuseContradiction(PipedObject, ClientId))
            return;
        foreach (string clientId in ClientId)
        {
            string shown = CommandText.Name(clientId, PipedProperty.Text(PipedObject, nameof(ServiceClient.Name)));
            if (ShouldDo(Messages.CreateAccessKey, Messages.CreateAccessKeyDescription, Messages.CreateAccessKeyQuery, shown))
                Create(clientId);
        }
    }

    private void Create(string clientId)
    {
        // The file is begun first: a folder that can't be written to is found out while there is no secret to lose.
        if (!TryPrepareFile(out SecretFile? file))
            return;
        using (file)
            QueueChange(clientId, clientId, (api, cancellation) => api.CreateAccessKeyAsync(clientId, cancellation), key => Made(key, file), DeleteAgainAsync);
    }

    private void Made(IssuedAccessKey key, SecretFile? file)
    {
        ErrorRecord? notSaved = file is null ? null : Save(key, file);
        Current.Cache.Add(key);
        HandOn(key, isSaved: file is not null && notSaved is null);
        if (notSaved is not null)
            WriteError(notSaved);
    }

    private bool TryPrepareFile(out SecretFile? file)
    {
        file = null;
        if (OutFile is null)
            return true;
        if (_fileUsed)
        {
            WriteError(ErrorFactory.OutFileTaken(OutFile));
            return false;
        }

        try
        {
            file = SecretFile.Prepare(FilePath.Resolve(this, OutFile), Force);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            WriteError(ErrorFactory.OutFileUnusable(OutFile, e));
            return false;
        }
    }

    // Where the file can't be finished after all, the key is still given out: as the object, and then as the error's
    // target, since -ErrorAction Stop takes the object away.
    private ErrorRecord? Save(IssuedAccessKey key, SecretFile file)
    {
        try
        {
            file.Save(key.AccessKey!);
            _fileUsed = true;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ErrorFactory.SecretNotSaved(OutFile!, key, e);
        }
    }

    private void HandOn(IssuedAccessKey key, bool isSaved)
    {
        (string clientId, string keyId) = (key.ClientId, key.KeyId);
        try
        {
            WriteObject(AsPlainText ? ToPlainText(key) : key);
        }
        catch (RuntimeException) when (!isSaved)
        {
            // A stop, or an error of the next command, which may or may not have put the secret away by then: so the key is
            // named and not deleted. One that simply has enough, such as Select-Object -First, ends in another way.
            ReportAfterStop(Messages.KeyHandedOnAtStop, keyId, clientId);
            throw;
        }
    }

    // The pipeline takes nothing any more, so the secret would be lost and the key an orphan.
    private async Task<Action> DeleteAgainAsync(IssuedAccessKey key)
    {
        bool deleted = await TryUndoAsync((api, cancellation) => api.DeleteAccessKeyAsync(key.ClientId, key.KeyId, cancellation)).ConfigureAwait(false);
        return () => ReportAfterStop(deleted ? Messages.StoppedAfterKey : Messages.StoppedAfterKeyLeft, key.KeyId, key.ClientId);
    }

    private static PlainTextAccessKey ToPlainText(IssuedAccessKey key)
    {
        using (key)
        {
            return new PlainTextAccessKey(
                key.ClientId,
                key.KeyId,
                key.AccessKey is null ? null : SecretText.Reveal(key.AccessKey),
                key.ClientSecret is null ? null : SecretText.Reveal(key.ClientSecret))
            {
                PublicKey = key.PublicKey,
                GenerationDate = key.GenerationDate,
            };
        }
    }
}
