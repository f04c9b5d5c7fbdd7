using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>From a PowerShell path to a file's own.</summary>
internal static class FilePath
{
    /// <summary>The full path of a file that need not be there.</summary>
    /// <exception cref="IOException">It leads elsewhere than to the file system, such as to Env: or a drive that is not there.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        try
        {
            string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);

            // Else Env:x would become a file named x in the current folder, a repository perhaps.
            return provider.Name == "FileSystem" ? file : throw new IOException($"It is a path of the {provider.Name} provider, not of the file system.");
        }
        catch (SessionStateException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
