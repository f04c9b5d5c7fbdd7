using System.Management.Automation;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Creates an access key for a service client, or registers a public key. A secret is returned only once.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "AuthressAccessKey", DefaultParameterSetName = SecureStringSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "New-AuthressAccessKey.md")]
[OutputType(typeof(IssuedAccessKey), typeof(PlainTextAccessKey), typeof(AccessKey))]
public sealed partial class NewAuthressAccessKeyCommand : BulkCommand
{
    private const string PublicKeySet = "PublicKey";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private bool _whatIf;
    private bool _warned;

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

    /// <summary>Generates the key pair on this machine, so that Authress never has the private key.</summary>
    [Parameter(ParameterSetName = SecureStringSet)]
    [Parameter(ParameterSetName = PlainTextSet)]
    [Parameter(ParameterSetName = OutFileSet)]
    [Parameter(ParameterSetName = VaultSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    public SwitchParameter GenerateLocally { get; set; }

    /// <summary>The Ed25519 public key to register, in any of its forms. Its private key stays where it is, and nothing secret is returned.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PublicKeySet, ValueFromPipeline = true)]
    [PublicKeyTransformation(LeavesOtherText = true)]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId)) { AcceptsText = true };

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _whatIf = new CommandPreferences(this).WhatIf;
        if (MyInvocation.BoundParameters.TryGetValue(nameof(VaultName), out object? vault) && vault is null or "")
            ThrowTerminatingError(ErrorFactory.EmptyArgument(nameof(VaultName)));
        if (GenerateLocally && Current.AccountId is null)
            ThrowTerminatingError(ErrorFactory.AccountUnknown());
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        PublicKeyInput publicKey = new(PublicKey, Piped);
        if (Reject(publicKey.Error ?? publicKey.FindContradiction(ClientId) ?? FindUnusedDestination()))
            return;
        WarnOfLostSecrets();
        foreach (string clientId in ClientId)
            Create(clientId, CommandText.Name(clientId, Piped.Text(nameof(ServiceClient.Name))), publicKey.Der);
    }

    // A session whose output is serialized returns only a copy without secrets, unless they are requested as text.
    private void WarnOfLostSecrets()
    {
        if (!_warned && ParameterSetName == SecureStringSet && RowDestination is null && SerializedOutput.IsUsedBy(Host))
            WriteWarning(Messages.SecretStaysInside);
        _warned = true;
    }

    private void Create(string clientId, string shown, string? publicKey)
    {
        using ISecretDestination? destination = CreateDestination(clientId);
        SecretDelivery delivery = new(destination, _taken);
        QueueChange(clientId, clientId, Request(clientId, publicKey), () => Confirm(delivery, shown), key => Write(delivery, key), DeleteAgain, checksFirst: destination is not null);

        // A destination is prepared only while its key is created.
        if (destination is not null)
            FinishAll();
    }

    private Func<AuthressApi, CancellationToken, Task<IssuedAccessKey>> Request(string clientId, string? publicKey) => GenerateLocally
        ? (api, cancellation) => api.CreateAccessKeyAsync(clientId, Current.AccountId!, GeneratedKeyPair.Generate, cancellation)
        : (api, cancellation) => api.CreateAccessKeyAsync(clientId, publicKey, cancellation);

    // The secret can't be written any more, so the key would be an orphan.
    private Rollback<IssuedAccessKey> DeleteAgain => new(
        (api, key, cancellation) => api.DeleteAccessKeyAsync(key.ClientId, key.KeyId, cancellation),
        (key, deleted) => ReportAfterStop(deleted ? Messages.StoppedAfterKey : Messages.StoppedAfterKeyLeft, key.KeyId, key.ClientId));
}
