using System.Management.Automation;
using Authress.Client.Rotations;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>Where rotations are recorded: -JournalPath and -WithoutJournal.</summary>
internal sealed class JournalChoice
{
    private const string Suffix = "-rotation";
    private const string FileSuffix = ".rotation";
    private const string LockSuffix = ".lock";

    private readonly AuthressCommand _command;

    private JournalChoice(AuthressCommand command, JournalFolder? folder) => (_command, Folder) = (command, folder);

    /// <summary>Creates one. Ends the cmdlet if there is no folder.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="path">-JournalPath; null for the default folder.</param>
    /// <param name="without">-WithoutJournal.</param>
    public static JournalChoice Create(AuthressCommand command, string? path, bool without)
    {
        try
        {
            return new JournalChoice(command, without ? null : Find(command, path));
        }
        catch (JournalException e)
        {
            command.ThrowTerminatingError(ErrorFactory.FromRotation(e, path));
            throw;
        }
    }

    /// <summary>The folder; null if the record stands beside the destination.</summary>
    public JournalFolder? Folder { get; }

    /// <summary>The journal of one rotation.</summary>
    /// <param name="options">The client and the account.</param>
    /// <param name="target">The destination.</param>
    public IRotationJournal Choose(RotationOptions options, RotationTarget target) => (Folder, target.Source) switch
    {
        ({ } folder, _) => folder.Entry(options, target.Place),
        (_, FileDestination file) => new FileJournal(FilePath.WithoutLinks(file.FullPath) + FileSuffix),
        (_, VaultDestination vault) => new VaultJournal(_command, vault.Vault, target.Place.SecretName + Suffix),
        _ => new NoJournal(),
    };

    /// <summary>A record in words.</summary>
    public static string Name(IRotationJournal journal) => journal switch
    {
        FileJournal file => file.FullPath,
        VaultJournal vault => vault.Name,
        _ => string.Empty,
    };

    /// <summary>The lock of one rotation; null where nothing can be locked, or a destination without its folder is going to be refused.</summary>
    /// <param name="options">The client.</param>
    /// <param name="journal">The rotation's journal.</param>
    public FileLock? FindLock(RotationOptions options, IRotationJournal journal) =>
        Folder?.Lock(options.ClientId) ?? (journal is FileJournal file && Directory.Exists(Path.GetDirectoryName(file.FullPath)) ? new FileLock(file.FullPath + LockSuffix) : null);

    private static JournalFolder Find(PSCmdlet cmdlet, string? path)
    {
        string folder = path ?? JournalFolder.DefaultPath ?? throw new JournalException(string.Empty, new IOException(Messages.JournalWithoutHome));
        try
        {
            return new JournalFolder(path is null ? folder : FilePath.Resolve(cmdlet, path));
        }
        catch (IOException e) when (e is not JournalException)
        {
            throw new JournalException(folder, e);
        }
    }
}
