using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>A secret of a vault that holds an access key.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="secretName">The secret's name.</param>
/// <param name="vaultName">The vault's name; null for the vault that holds the secret, first of all the default vault.</param>
internal class VaultSource(PSCmdlet cmdlet, string secretName, string? vaultName) : ISecretSource
{
    private SecretVault? _vault;

    public virtual string Name => vaultName is null ? CommandText.Format(Messages.SecretNameAnywhere, secretName) : CommandText.Format(Messages.SecretNameOfVault, secretName, vaultName);

    public object? Target => secretName;

    /// <summary>The vault.</summary>
    /// <exception cref="IOException">It can't be found.</exception>
    public SecretVault Vault => _vault ??= Find();

    public SecureString Read() => Vault.Read(secretName);

    public SecureString? ReadIfAny() => Vault.Contains(secretName) ? Read() : null;

    public KeyDescription? Describe()
    {
        SessionErrors errors = new(cmdlet);
        try
        {
            return Vault.Describe(secretName);
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // The key itself names its client and account.
            cmdlet.WriteVerbose(CommandText.Format(Messages.DescriptionUnreadable, secretName, e.Message));
            return null;
        }
    }

    private protected virtual SecretVault Find() => SecretVault.FindWith(vaultName, secretName);
}
