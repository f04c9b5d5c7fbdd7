using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A file as a destination: <c>-OutFile</c>.</summary>
/// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
/// <param name="path">The path as specified.</param>
/// <param name="overwrite">Whether an existing file may be replaced.</param>
internal sealed class FileDestination(PSCmdlet cmdlet, string path, bool overwrite) : ISecretDestination
{
    private SecretFile? _file;

    public string Name => path;

    public void Check() => WithIOExceptions(() => SecretFile.Check(FilePath.Resolve(cmdlet, path), overwrite));

    public void Prepare() => WithIOExceptions(() => _file = SecretFile.Prepare(FilePath.Resolve(cmdlet, path), overwrite));

    public void Save(SecureString secret) => WithIOExceptions(() => _file!.Save(secret));

    public SecureString Read()
    {
        SecureString? secret = null;
        WithIOExceptions(() => secret = SecretText.Protect(BoundedFile.Read(FilePath.Resolve(cmdlet, path))));
        return secret!;
    }

    public ErrorRecord UnusableError(IOException cause) => ErrorFactory.OutFileUnusable(path, cause);

    public ErrorRecord TakenError() => ErrorFactory.OutFileTaken(path);

    public void Dispose() => _file?.Dispose();

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
