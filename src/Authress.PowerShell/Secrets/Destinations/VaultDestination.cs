using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A secret of a vault as a destination: <c>-SecretName</c>.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="connection">The connection, whose account and URL the vault keeps beside the key.</param>
/// <param name="secretName">The secret's name.</param>
/// <param name="vaultName">The vault's name; null for the default vault.</param>
/// <param name="overwrite">Whether an existing secret may be replaced.</param>
internal sealed class VaultDestination(PSCmdlet cmdlet, Connection connection, string secretName, string? vaultName, bool overwrite) : ISecretDestination
{
    private const int ProbeIdLength = 8;

    private SecretVault? _vault;

    public string Name => vaultName is null ? CommandText.Format(Messages.SecretNameOfDefault, secretName) : CommandText.Format(Messages.SecretNameOfVault, secretName, vaultName);

    public string Place => $"{Vault.Name}\n{secretName}".ToUpperInvariant();

    public object? Target => secretName;

    private SecretVault Vault => _vault ??= SecretVault.Find(vaultName);

    public void Check()
    {
        if (Redaction.Finds(secretName))
            throw new IOException(Messages.CredentialMisplaced);

        // Commands of a vault may take the name for a pattern, and act on other secrets.
        if (WildcardPattern.ContainsWildcardCharacters(secretName) || secretName.Any(c => c == '`'))
            throw new IOException(Messages.SecretNameIsPattern);
        if (Vault.Contains(secretName) && !overwrite)
            throw new IOException(Messages.SecretExists);
    }

    public void Prepare()
    {
        Check();

        // Under a name of its own, because the secret's name may hold a key that is in use. A vault that deletes softly accepts
        // no name twice.
        string probe = $"{secretName}-check-{Guid.NewGuid().ToString("N").Substring(0, ProbeIdLength)}";
        using SecureString value = SecretText.Protect(Guid.NewGuid().ToString("N"));
        Vault.Write(probe, value, overwrite: false);
        try
        {
            using SecureString copy = Vault.Read(probe);
            if (!SecretText.Same(copy, value))
                throw new IOException(Messages.SecretChanged);
        }
        finally
        {
            TryRemove(probe);
        }
    }

    public void Save(IssuedAccessKey key)
    {
        Vault.Write(secretName, key.AccessKey!, overwrite);
        using SecureString copy = Read();
        if (!SecretText.Same(copy, key.AccessKey!))
            throw new IOException(Messages.SecretChanged);
        SessionErrors errors = new(cmdlet);
        try
        {
            Vault.WriteDescription(secretName, KeyDescription.Of(key, connection));
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // Not every vault keeps metadata. The key works without it.
            cmdlet.WriteVerbose(CommandText.Format(Messages.DescriptionNotSaved, Name, e.Message));
        }
    }

    public SecureString Read() => Vault.Read(secretName);

    public void Dispose()
    {
    }

    private void TryRemove(string probe)
    {
        SessionErrors errors = new(cmdlet);
        try
        {
            Vault.Remove(probe);
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // It holds no secret, and the vault can be used without the permission to remove.
            cmdlet.WriteWarning(CommandText.Format(Messages.ProbeNotRemoved, probe, Vault.Name, e.Message));
        }
    }
}
