using System.Management.Automation;
using Authress.PowerShell.Display;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>A file as a destination: <c>-OutFile</c>.</summary>
/// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
/// <param name="path">The path as specified.</param>
/// <param name="overwrite">Whether an existing file may be replaced.</param>
internal sealed class FileDestination(PSCmdlet cmdlet, string path, bool overwrite) : FileSource(cmdlet, path), ISecretDestination
{
    private readonly PSCmdlet _cmdlet = cmdlet;
    private SecretFile? _file;

    public string Place => FilePath.Identify(FullPath);

    public void Check() => WithIOExceptions(() => SecretFile.Check(FullPath, overwrite));

    public void Prepare()
    {
        WithIOExceptions(() => _file = SecretFile.Prepare(FullPath, overwrite, _cmdlet));
        if (_file!.IsPublic)
            _cmdlet.WriteWarning(CommandText.Format(Messages.KeyFileExposed, FullPath));
        if (GitWorkTree.MayCommit(_cmdlet, FullPath))
            _cmdlet.WriteWarning(CommandText.Format(Messages.FileInGitWorkTree, Target!));
    }

    public void Save(IssuedAccessKey key)
    {
        using SecretFile file = _file ?? WithIOExceptions<SecretFile>(() => SecretFile.Prepare(FullPath, overwrite, _cmdlet));
        _file = null;
        WithIOExceptions(() => file.Save(key.AccessKey!));
        try
        {
            file.Sync();
        }
        catch (IOException e)
        {
            // The file holds the key. What may be lost with the power is for the user to judge.
            _cmdlet.WriteWarning(CommandText.Format(Messages.FileNotSynced, Target!, e.Message));
        }
    }

    public void Dispose() => _file?.Dispose();

    private static void WithIOExceptions(Action action) => WithIOExceptions(() =>
    {
        action();
        return true;
    });
}
