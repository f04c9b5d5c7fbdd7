using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// <para type="synopsis">Gets the access keys of service clients, without their secrets.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessKey", HelpUri = HelpLinks.Base + "Get-AuthressAccessKey.md")]
[OutputType(typeof(AccessKey))]
public sealed class GetAuthressAccessKeyCommand : AuthressCommand
{
    private WildcardPattern[]? _patterns;

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
    [PipedObjectTransformation(nameof(ClientId), nameof(KeyId))]
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

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (RefuseContradiction(PipedObject, ClientId))
            return;
        try
        {
            // Key ids are told apart by case, and so are patterns for them.
            _patterns = KeyId?.Select(pattern => Wildcard.Parse(pattern, WildcardOptions.None)).ToArray();
        }
        catch (WildcardPatternException e)
        {
            WriteError(ErrorFactory.InvalidWildcard(e));
            return;
        }

        foreach (string clientId in ClientId)
        {
            if (!TryRead(clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), out ServiceClient client))
                continue;
            Current.Seen.Add(client);
            IReadOnlyList<AccessKey> keys = client.AccessKey ?? (IReadOnlyList<AccessKey>)[];
            WritePatternsWithoutMatch(clientId, keys);
            foreach (AccessKey key in keys.Where(IsWanted))
                WriteObject(key);
        }
    }

    private bool IsWanted(AccessKey key) =>
        (_patterns is null || _patterns.Any(pattern => pattern.IsMatch(key.KeyId)))
        && (PublicKey is null || Client.AccessKeys.PublicKeyText.Same(PublicKey, key.PublicKey))
        && (OlderThan is null || key.Age > OlderThan);

    // As with files: a name that is not there is an error, a pattern that finds nothing is not.
    private void WritePatternsWithoutMatch(string clientId, IReadOnlyList<AccessKey> keys)
    {
        foreach (string keyId in KeyId ?? [])
        {
            if (!WildcardPattern.ContainsWildcardCharacters(keyId) && !keys.Any(key => key.KeyId == keyId))
                WriteError(ErrorFactory.AccessKeyNotFound(clientId, keyId));
        }
    }
}
