using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>Reads the access key of the place that a user specified. A failure ends the cmdlet.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class KeySource(PSCmdlet cmdlet)
{
    /// <summary>Reads the key of the source that is specified; null if none is.</summary>
    /// <param name="keyFile">-KeyFile.</param>
    /// <param name="secretName">-SecretName.</param>
    /// <param name="vaultName">-VaultName.</param>
    /// <param name="readScript">-ReadScript.</param>
    public KeyText? Read(string? keyFile, string? secretName, string? vaultName, ScriptBlock? readScript) =>
        keyFile is not null ? ReadFile(keyFile)
        : secretName is not null ? Read(new VaultSource(cmdlet, secretName, vaultName))
        : readScript is not null ? Read(new ScriptSource(cmdlet, readScript))
        : null;

    private KeyText ReadFile(string path)
    {
        FileSource file = new(cmdlet, path);
        try
        {
            KeyText key = new(file.Read(), null);
            if (file.IsExposed())
                cmdlet.WriteWarning(CommandText.Format(Messages.KeyFileExposed, file.FullPath));
            return key;
        }
        catch (IOException e)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.KeyFileUnreadable(path, e));
            throw;
        }
    }

    private KeyText Read(ISecretSource source)
    {
        try
        {
            SecureString accessKey = source.Read();
            return new KeyText(accessKey, source.Describe() is { } description && description.MayDescribe(accessKey) ? description : null);
        }
        catch (IOException e)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.SecretUnreadable(source.Name, source.Target, e));
            throw;
        }
    }
}

/// <summary>An access key that was read, and what was kept beside it.</summary>
/// <param name="AccessKey">The key.</param>
/// <param name="Description">What was kept beside it; null if nothing is.</param>
internal sealed record KeyText(SecureString AccessKey, KeyDescription? Description);
