using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Connections;

/// <summary>Where an access key is read from: the destinations that New-AuthressAccessKey saves to. A failure ends the cmdlet.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class KeySource(PSCmdlet cmdlet)
{
    /// <summary>Reads the key of the source that is specified; null if none is.</summary>
    /// <param name="keyFile">-KeyFile.</param>
    /// <param name="secretName">-SecretName.</param>
    /// <param name="vaultName">-VaultName.</param>
    /// <param name="readScript">-ReadScript.</param>
    public KeyText? Read(string? keyFile, string? secretName, string? vaultName, ScriptBlock? readScript) =>
        keyFile is not null ? new KeyText(KeyFile.Read(cmdlet, keyFile), null)
        : secretName is not null ? FromVault(secretName, vaultName)
        : readScript is not null ? FromScript(readScript)
        : null;

    private KeyText FromVault(string secretName, string? vaultName)
    {
        try
        {
            SecretVault vault = SecretVault.FindWith(vaultName, secretName);
            SecureString accessKey = vault.Read(secretName);
            return new KeyText(accessKey, Describe(vault, secretName) is { } description && description.MayDescribe(accessKey) ? description : null);
        }
        catch (IOException e)
        {
            string name = vaultName is null ? Display.CommandText.Format(Messages.SecretNameAnywhere, secretName) : Display.CommandText.Format(Messages.SecretNameOfVault, secretName, vaultName);
            cmdlet.ThrowTerminatingError(ErrorFactory.SecretUnreadable(name, secretName, e));
            throw;
        }
    }

    private KeyText FromScript(ScriptBlock readScript)
    {
        try
        {
            return new KeyText(OneSecret.From(SecretScript.Run(cmdlet, readScript, null)), null);
        }
        catch (IOException e)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.SecretUnreadable(Messages.ReadScriptName, null, e));
            throw;
        }
    }

    private KeyDescription? Describe(SecretVault vault, string secretName)
    {
        SessionErrors errors = new(cmdlet);
        try
        {
            return vault.Describe(secretName);
        }
        catch (IOException e)
        {
            errors.RemoveNewer();

            // The key itself names its client and account.
            cmdlet.WriteVerbose(Display.CommandText.Format(Messages.DescriptionUnreadable, secretName, e.Message));
            return null;
        }
    }
}

/// <summary>An access key that was read, and what was kept beside it.</summary>
/// <param name="AccessKey">The key.</param>
/// <param name="Description">What was kept beside it; null if nothing is.</param>
internal sealed record KeyText(SecureString AccessKey, KeyDescription? Description);
