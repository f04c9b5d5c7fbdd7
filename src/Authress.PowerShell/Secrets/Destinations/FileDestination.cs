using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A file as a destination: <c>-OutFile</c>.</summary>
/// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
/// <param name="path">The path as specified.</param>
/// <param name="overwrite">Whether an existing file may be replaced.</param>
internal sealed class FileDestination(PSCmdlet cmdlet, string path, bool overwrite) : ISecretDestination
{
    private SecretFile? _file;

    public string Name => CommandText.Format(Messages.FileName, path);

    public string Place => FilePath.Identify(FullPath);

    public object? Target => path;

    public void Check() => WithIOExceptions(() => SecretFile.Check(FullPath, overwrite));

    public void Prepare()
    {
        WithIOExceptions(() => _file = SecretFile.Prepare(FullPath, overwrite));
        if (GitWorkTree.MayCommit(cmdlet, FullPath))
            cmdlet.WriteWarning(CommandText.Format(Messages.FileInGitWorkTree, path));
    }

    public void Save(IssuedAccessKey key) => WithIOExceptions(() => _file!.Save(key.AccessKey!));

    public SecureString Read()
    {
        SecureString? secret = null;
        WithIOExceptions(() => secret = SecretText.Protect(BoundedFile.Read(FullPath)));
        return secret!;
    }

    public void Dispose() => _file?.Dispose();

    private string FullPath => FilePath.Resolve(cmdlet, path);

    private static void WithIOExceptions(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or NotSupportedException)
        {
            throw new IOException(e.Message, e);
        }
    }
}
