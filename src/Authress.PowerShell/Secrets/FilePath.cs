using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Resolves PowerShell paths to files.</summary>
internal static class FilePath
{
    /// <summary>The full path of a file, which need not exist.</summary>
    /// <exception cref="IOException">It is a secret, or not a path of the file system, such as one in Env: or on a drive that does not exist.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        // As the name of a file, a secret would be in plain sight.
        if (Redaction.Finds(path))
            throw new IOException(Messages.CredentialMisplaced);
        try
        {
            string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);

            // Otherwise Env:x would become a file named x in the current folder, which may be a repository.
            return provider.Name == "FileSystem" ? file : throw new IOException(InvariantText.Format(Messages.FileOfProvider, provider.Name));
        }
        catch (SessionStateException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
