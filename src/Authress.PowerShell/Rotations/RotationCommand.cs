using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Rotations.Journals;

namespace Authress.PowerShell.Rotations;

/// <summary>The base of the cmdlets for rotations: the journal, and what each of them needs before it begins.</summary>
public abstract class RotationCommand : BulkCommand
{
    // In a row an empty cell is no value. On the command line it is a variable that was not set, and ignoring it would choose
    // another destination or another key.
    private static readonly string[] NotEmpty = [nameof(OutFile), nameof(SecretName), nameof(VaultName), "KeyId"];

    /// <summary>The file that holds the access key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation(AcceptsFiles = true)]
    public string? OutFile { get; set; }

    /// <summary>The secret that holds the access key, in a vault of SecretManagement.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    public string? SecretName { get; set; }

    /// <summary>The vault. The default is the default vault.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? VaultName { get; set; }

    /// <summary>The script that returns the access key that the destination holds, as SecureString or text, or nothing. The client's id is its $_.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNull]
    public ScriptBlock? ReadScript { get; set; }

    /// <summary>The folder of the journal. The default is this user's folder for the state of programs.</summary>
    [Parameter]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Keeps the record beside the destination instead of on this machine, whose disk may not last.</summary>
    [Parameter]
    public SwitchParameter WithoutJournal { get; set; }

    /// <summary>The destination.</summary>
    private protected DestinationChoice Destination => DestinationChoice.Given(OutFile, SecretName, VaultName, Saving, ReadScript);

    /// <summary>The script that saves to the destination; null for none.</summary>
    private protected virtual ScriptBlock? Saving => null;

    /// <summary>Where rotations are recorded, from BeginProcessing on.</summary>
    private protected JournalChoice Journals { get; private set; } = null!;

    /// <summary>The runs of this invocation, from BeginProcessing on.</summary>
    private protected RotationSession Session { get; private set; } = null!;

    // Otherwise a rotation would stand still, and its client be locked, while the command upstream is at work. Without a journal,
    // only the command says which other destinations may hold a key.
    private protected override Gathering Gathers => WithoutJournal && ReadScript is null ? Gathering.Always : Gathering.IfSeveral;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Array.Find(NotEmpty, name => MyInvocation.BoundParameters.TryGetValue(name, out object? value) && value is null or "") is { } empty)
            ThrowTerminatingError(ErrorFactory.EmptyArgument(empty));
        if (Current.AccountId is null)
            ThrowTerminatingError(ErrorFactory.AccountUnknown());
        Journals = JournalChoice.Create(this, JournalPath, WithoutJournal);
        Session = new RotationSession(this, Current, Journals);
    }
}
