using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A secret of a vault as a destination: <c>-SecretName</c>.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="connection">The connection, whose account and URL the vault keeps beside the key.</param>
/// <param name="secretName">The secret's name.</param>
/// <param name="vaultName">The vault's name; null for the default vault.</param>
/// <param name="overwrite">Whether an existing secret may be replaced.</param>
internal sealed class VaultDestination(PSCmdlet cmdlet, Connection connection, string secretName, string? vaultName, bool overwrite)
    : VaultSource(cmdlet, secretName, vaultName), ISecretDestination
{
    private const int ProbeIdLength = 8;

    private readonly PSCmdlet _cmdlet = cmdlet;
    private readonly string _secretName = secretName;
    private readonly string? _vaultName = vaultName;

    public override string Name => _vaultName is null ? CommandText.Format(Messages.SecretNameOfDefault, _secretName) : CommandText.Format(Messages.SecretNameOfVault, _secretName, _vaultName);

    public string Place => $"{Vault.Name}\n{_secretName}".ToUpperInvariant();

    public void Check()
    {
        if (Redaction.Finds(_secretName))
            throw new IOException(Messages.CredentialMisplaced);

        // Commands of a vault may take the name for a pattern, and act on other secrets.
        if (WildcardPattern.ContainsWildcardCharacters(_secretName) || _secretName.Any(c => c == '`'))
            throw new IOException(Messages.SecretNameIsPattern);
        if (Vault.Contains(_secretName) && !overwrite)
            throw new IOException(Messages.SecretExists);
    }

    public void Prepare()
    {
        Check();

        // Under a name of its own, because the secret's name may hold a key that is in use. A vault that deletes softly accepts
        // no name twice.
        string probe = $"{_secretName}-check-{Guid.NewGuid().ToString("N").Substring(0, ProbeIdLength)}";
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
        Vault.Write(_secretName, key.AccessKey!, overwrite);
        using SecureString copy = Read();
        if (!SecretText.Same(copy, key.AccessKey!))
            throw new IOException(Messages.SecretChanged);
        SessionErrors errors = new(_cmdlet);
        try
        {
            Vault.WriteDescription(_secretName, KeyDescription.Of(key, connection));
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // Not every vault keeps metadata. The key works without it.
            _cmdlet.WriteVerbose(CommandText.Format(Messages.DescriptionNotSaved, Name, e.Message));
        }
    }

    public void Dispose()
    {
    }

    // A new secret goes to the default vault, wherever else one of its name may be.
    private protected override SecretVault Find() => SecretVault.Find(_vaultName);

    private void TryRemove(string probe)
    {
        SessionErrors errors = new(_cmdlet);
        try
        {
            Vault.Remove(probe);
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // It holds no secret, and the vault can be used without the permission to remove.
            _cmdlet.WriteWarning(CommandText.Format(Messages.ProbeNotRemoved, probe, Vault.Name, e.Message));
        }
    }
}
