using System.Management.Automation;
using Authress.Client;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Rotations;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Gets the access keys of service clients, without their secrets.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessKey", HelpUri = CommandText.HelpPages + "Get-AuthressAccessKey.md")]
[OutputType(typeof(AccessKey))]
public sealed class GetAuthressAccessKeyCommand : BulkCommand
{
    private ReplacedKeys _replaced = null!;

    /// <summary>The ids of the clients whose keys to get.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>The ids of the keys to get, with wildcards. The default is all keys.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [KeyIdTransformation]
    [ValidateNotNullOrEmpty] // If an empty value meant all keys, a pipeline to Remove would delete them.
    [SupportsWildcards]
    [ArgumentCompleter(typeof(KeyIdCompleter))]
    public string[]? KeyId { get; set; }

    /// <summary>Only keys with this Ed25519 public key, in any of its forms, or with that of an access key.</summary>
    [Parameter]
    [PublicKeyTransformation]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    /// <summary>Only keys older than this: a number of days, a time span, or a date.</summary>
    [Parameter]
    [ValidateNotNull]
    [AgeTransformation]
    public TimeSpan? OlderThan { get; set; }

    private protected override int? InputCount => ClientId.Length;

    private protected override PipedInput Piped { get; } = new(nameof(ClientId), nameof(KeyId)) { AcceptsText = true };

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _replaced = new ReplacedKeys(this, Current);
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        // Captured, because the next piped object sets the parameters while the request is in flight.
        AccessKeyFilter filter = new(KeyId, PublicKey, OlderThan);
        if (Reject(Piped.FindContradiction(ClientId) ?? filter.Error))
            return;
        foreach (string clientId in ClientId)
            QueueRead(clientId, clientId, (api, cancellation) => ReadAsync(api, clientId, filter.ComparesPublicKeys, cancellation), client => Write(filter, client));
    }

    private static async Task<ServiceClient> ReadAsync(AuthressApi api, string clientId, bool showsPublicKeys, CancellationToken cancellationToken)
    {
        ServiceClient client = await api.GetServiceClientAsync(clientId, cancellationToken).ConfigureAwait(false);
        return showsPublicKeys ? await api.ShowPublicKeysAsync(client, cancellationToken).ConfigureAwait(false) : client;
    }

    private void Write(AccessKeyFilter filter, ServiceClient client)
    {
        IReadOnlyList<AccessKey> keys = filter.Choose(client, WriteError);
        if (keys.Count == 0 && filter.FindUncompared(client) is { Count: > 0 } uncompared)
            WriteWarning(CommandText.Format(Messages.PublicKeyNotShown, client.ClientId, string.Join(", ", uncompared)));
        _replaced.Mark(client.ClientId, keys);
        WriteObject(keys, enumerateCollection: true);
    }
}
