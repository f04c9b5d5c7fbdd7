using System.Security;
using Authress.Client.Rotations;
using Authress.PowerShell.Display;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>The record of one rotation as a secret beside the one that is rotated, for a machine whose disk does not last.</summary>
/// <param name="command">The cmdlet, on whose pipeline's thread the vault is called.</param>
/// <param name="vault">The vault.</param>
/// <param name="name">The record's name.</param>
internal sealed class VaultJournal(AuthressCommand command, SecretVault vault, string name) : IRotationJournal
{
    /// <summary>The record in words.</summary>
    public string Name => CommandText.Format(Messages.SecretNameOfVault, name, vault.Name);

    public bool Lasts => true;

    // A vault has no locks.
    public bool IsLocked => false;

    public Task<Rotation?> ReadAsync() => command.OnPipelineAsync(Read);

    public Task WriteAsync(Rotation rotation) => command.OnPipelineAsync(() =>
    {
        try
        {
            using SecureString text = SecretText.Protect(RotationJson.Write(rotation));
            vault.Write(name, text, overwrite: true);
            return true;
        }
        catch (IOException e)
        {
            throw new DestinationException(Name, e);
        }
    });

    /// <summary>Reads the record; null if there is none. Called on the pipeline's thread.</summary>
    private Rotation? Read()
    {
        string text;
        try
        {
            if (!vault.Contains(name))
                return null;
            using SecureString secret = vault.Read(name);
            text = SecretText.Reveal(secret);
        }
        catch (IOException e)
        {
            throw new DestinationException(Name, e);
        }

        return RotationJson.Read(text, name);
    }
}
