using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Gets the access keys of service clients, without their secrets.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessKey", HelpUri = HelpLinks.Base + "Get-AuthressAccessKey.md")]
[OutputType(typeof(AccessKey))]
public sealed class GetAuthressAccessKeyCommand : BulkCommand
{
    /// <summary>The ids of the clients whose keys to get.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>
    /// The ids of the keys to get, with wildcards; all where it is left out. An empty value is an error: taken for
    /// "all" it would, piped on to Remove, delete them all.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [KeyIdTransformation]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(KeyIdCompleter))]
    public string[]? KeyId { get; set; }

    /// <summary>The piped object itself, whatever it is, so that one of another client is noticed. Not meant to be given by name.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [PipedObjectTransformation(nameof(ClientId), nameof(KeyId), TakesText = true)]
    public PSObject? PipedObject { get; set; }

    /// <summary>Only keys with this public key, in any of the forms in which it may be written.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PublicKey { get; set; }

    /// <summary>Only keys made longer ago than this: a number of days, a time span, or a date.</summary>
    [Parameter]
    [ValidateNotNull]
    [AgeTransformation]
    public TimeSpan? OlderThan { get; set; }

    private protected override int? InputCount => ClientId.Length;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseUnusedText(PipedObject) || RefuseContradiction(PipedObject, ClientId))
            return;
        KeyChoice choice;
        try
        {
            // Key ids are told apart by case, and so are patterns for them.
            choice = new KeyChoice(KeyId, [.. (KeyId ?? []).Select(pattern => Wildcard.Parse(pattern, WildcardOptions.None))], PublicKey, OlderThan);
        }
        catch (WildcardPatternException e)
        {
            Refuse(ErrorFactory.InvalidWildcard(e));
            return;
        }

        foreach (string clientId in ClientId)
            QueueRead(clientId, clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), client => WriteKeys(client, choice));
    }

    private void WriteKeys(ServiceClient client, KeyChoice choice)
    {
        Current.Cache.Add(client);
        IReadOnlyList<AccessKey> keys = client.AccessKey ?? (IReadOnlyList<AccessKey>)[];

        // As with files: a name that is not there is an error, a pattern that finds nothing is not.
        foreach (string keyId in choice.Names.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && keys.All(key => key.KeyId != name)))
            WriteError(ErrorFactory.AccessKeyNotFound(client.ClientId, keyId));
        foreach (AccessKey key in keys.Where(choice.Includes))
            WriteObject(key);
    }

    // Which keys are wanted. Kept with each request, for by the time of its answer the next object has set the parameters.
    private sealed class KeyChoice(string[]? keyIds, WildcardPattern[] patterns, string? publicKey, TimeSpan? olderThan)
    {
        public IEnumerable<string> Names => keyIds ?? [];

        public bool Includes(AccessKey key) =>
            (keyIds is null || patterns.Any(pattern => pattern.IsMatch(key.KeyId)))
            && (publicKey is null || Client.AccessKeys.PublicKeyText.Same(publicKey, key.PublicKey))
            && (olderThan is null || key.Age > olderThan);
    }
}
