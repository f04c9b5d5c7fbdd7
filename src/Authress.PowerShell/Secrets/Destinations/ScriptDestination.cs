using System.Management.Automation;
using Authress.PowerShell.Display;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A place that two scripts write to and read from: <c>-SaveScript</c> and <c>-ReadScript</c>.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="save">Saves the key, which is its <c>$_</c> and first argument.</param>
/// <param name="read">Returns the access key as SecureString or text.</param>
/// <param name="clientId">The client whose key it is, the <c>$_</c> of <paramref name="read"/>.</param>
/// <param name="overwrite">Whether an existing access key may be replaced.</param>
internal sealed class ScriptDestination(PSCmdlet cmdlet, ScriptBlock save, ScriptBlock read, string clientId, bool overwrite) : ScriptSource(cmdlet, read, clientId), ISecretDestination
{
    private readonly PSCmdlet _cmdlet = cmdlet;

    public override string Name => Messages.ScriptName;

    public string Place => string.Empty;

    public void Check()
    {
        // A script may change something, so none is run before the change is confirmed.
    }

    public void Prepare()
    {
        SessionErrors errors = new(_cmdlet);
        IReadOnlyList<PSObject?> held;
        try
        {
            held = Run();
        }
        catch (IOException e) when (e.InnerException is not CommandNotFoundException)
        {
            errors.RemoveNewer();

            // A place that is empty may well be an error to read. Only the key itself can show whether it can be written.
            _cmdlet.WriteVerbose(CommandText.Format(Messages.ReadScriptFailedFirst, e.Message));
            return;
        }

        if (!overwrite && !held.All(IsEmpty))
            throw new IOException(Messages.ScriptHoldsSecret);
    }

    // A copy: the script may keep it, or dispose of it while the caller still needs the key.
    public void Save(IssuedAccessKey key)
    {
        SessionErrors errors = new(_cmdlet);
        try
        {
            SecretScript.Save(_cmdlet, save, key.Copy());
        }
        catch (IOException)
        {
            // The cmdlet's error says why. The script's own may quote the secret.
            errors.RemoveNewer();
            throw;
        }
    }

    public void Dispose()
    {
    }
}
