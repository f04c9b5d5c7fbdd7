using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets.Destinations;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Rotations;

/// <summary>The destination that the parameters of a rotation cmdlet name, or that the journal has kept.</summary>
/// <param name="OutFile">-OutFile.</param>
/// <param name="SecretName">-SecretName.</param>
/// <param name="VaultName">-VaultName.</param>
/// <param name="SaveScript">-SaveScript; null where nothing is written.</param>
/// <param name="ReadScript">-ReadScript.</param>
internal sealed record DestinationChoice(string? OutFile, string? SecretName, string? VaultName, ScriptBlock? SaveScript, ScriptBlock? ReadScript)
{
    /// <summary>Whether nothing of a destination is named.</summary>
    public bool IsNone => OutFile is null && SecretName is null && VaultName is null && SaveScript is null && ReadScript is null;

    /// <summary>The destination that the parameters name. An empty cell of a table names none.</summary>
    public static DestinationChoice Given(string? outFile, string? secretName, string? vaultName, ScriptBlock? saveScript, ScriptBlock? readScript)
    {
        return new DestinationChoice(NullIfEmpty(outFile), NullIfEmpty(secretName), NullIfEmpty(vaultName), saveScript, readScript);

        static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The destination that the journal has kept.</summary>
    /// <param name="place">What it kept.</param>
    /// <param name="readScript">The script that reads it, which the journal does not keep.</param>
    public static DestinationChoice From(RotationPlace place, ScriptBlock? readScript) => new(place.OutFile, place.SecretName, place.VaultName, null, readScript);

    /// <summary>The error of parameters that name no destination, or more than one; null if they name one.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="saves">Whether the destination is written to.</param>
    public ErrorRecord? FindError(string clientId, bool saves)
    {
        int named = new[] { OutFile is not null, SecretName is not null, SaveScript is not null || ReadScript is not null }.Count(isNamed => isNamed);
        bool isComplete = named == 1 && (VaultName is null || SecretName is not null) && (!saves || SaveScript is null == ReadScript is null);
        return isComplete ? null : ErrorFactory.RotationDestination(clientId, isMissing: IsNone);
    }

    /// <summary>The destination.</summary>
    public ISecretSource Open(PSCmdlet cmdlet, Connection connection, string clientId) => this switch
    {
        { OutFile: { } file } => new FileDestination(cmdlet, file, overwrite: true),
        { SecretName: { } secret } => new VaultDestination(cmdlet, connection, secret, VaultName, overwrite: true),
        { SaveScript: { } save } => new ScriptDestination(cmdlet, save, ReadScript!, clientId, overwrite: true),
        _ => new ScriptSource(cmdlet, ReadScript!, clientId),
    };

    /// <summary>What the journal keeps of the destination.</summary>
    /// <exception cref="IOException">It can't be found out.</exception>
    public RotationPlace Describe(ISecretSource source) => source switch
    {
        _ when HoldsCredential => throw new IOException(Messages.CredentialMisplaced),
        FileDestination file when Directory.Exists(file.FullPath) => throw new IOException(Messages.FileIsFolder),

        // A cell of a table with a blank too many, which would become another destination.
        FileDestination file when HasBlank(Path.GetFileName(file.FullPath)) && !File.Exists(file.FullPath) => throw new IOException(Messages.DestinationNameBlank),
        VaultDestination vault when HasBlank(SecretName!) && !vault.Vault.Contains(SecretName!) => throw new IOException(Messages.DestinationNameBlank),
        FileDestination file => new RotationPlace(file.Name, "file\n" + file.Place, OutFile: file.FullPath),
        VaultDestination vault => new RotationPlace(vault.Name, "vault\n" + vault.Place, SecretName: SecretName, VaultName: vault.Vault.Name),

        // The journal can't keep a script, and knows its destination by its text.
        _ => new RotationPlace(source.Name, "script\n" + ReadScript),
    };

    /// <summary>What the journal keeps of a destination that can't be opened; null where that would lead nowhere, or hold a credential.</summary>
    public RotationPlace? DescribeUnopened(ISecretSource source)
    {
        if (HoldsCredential)
            return null;
        string? file = OutFile;
        try
        {
            file = (source as FileDestination)?.FullPath;
        }
        catch (IOException)
        {
            // Without its drive, a path would lead elsewhere from another location.
            if (file is not null && !file.Contains(':') && !Path.IsPathRooted(file))
                return null;
        }

        return new RotationPlace(source.Name, string.Join("\n", "unopened", file, SecretName, VaultName), file, SecretName, VaultName);
    }

    private bool HoldsCredential => new[] { OutFile, SecretName, VaultName }.Any(text => text is not null && Redaction.Finds(text));

    private static bool HasBlank(string name) => name != name.Trim();
}
