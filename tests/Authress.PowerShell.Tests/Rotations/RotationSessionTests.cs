using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>
/// An account with a client, one key of it in a file, and a session with a journal of its own. In the session these are $id,
/// $file, $held (the key's id) and $journal; $vaults is the stand-in for SecretManagement.
/// </summary>
public abstract class RotationSessionTests : IAsyncLifetime
{
    private protected Account Account { get; } = new();

    private protected string ClientId { get; private set; } = string.Empty;

    private protected string KeyFile => Path.Combine(Account.Folder, "billing.key");

    /// <summary>The key that the file held at the beginning.</summary>
    private protected string HeldKeyId { get; private set; } = string.Empty;

    /// <summary>The key that the file holds now.</summary>
    private protected string FileKeyId => File.ReadAllText(KeyFile).Split('.')[1];

    private protected string Journal => Path.Combine(Account.Folder, "journal");

    /// <summary>The journal's only record.</summary>
    private protected string Entry => File.ReadAllText(Directory.GetFiles(Journal, "*.json").Single());

    /// <summary>The ids of the client's keys.</summary>
    private protected string[] Keys => [.. Account.Server.FindClient(ClientId)!.Keys.Select(key => key.KeyId)];

    public async ValueTask InitializeAsync()
    {
        await Account.InitializeAsync();
        ClientId = Account.Seed("""{"name":"billing"}""");

        // A younger one could be another machine's, and would not be taken for the client's only other key.
        Account.Clock.Shift = TimeSpan.FromDays(-1);
        string key = Account.Server.IssueAccessKey(ClientId);
        Account.Clock.Shift = TimeSpan.Zero;
        HeldKeyId = key.Split('.')[1];
        File.WriteAllText(KeyFile, key);
        Account.Shell.Set("file", KeyFile);
        Account.Shell.Set("id", ClientId);
        Account.Shell.Set("held", HeldKeyId);
        Account.Shell.Set("journal", Journal);
        Account.Shell.Set("vaults", StandIns.SecretManagement);
        Account.Run("$PSDefaultParameterValues['*-AuthressAccessKeyRotation:JournalPath'] = $journal; $ConfirmPreference = 'None'").Ok();
        Account.Server.ClearRequests();
    }

    public async ValueTask DisposeAsync()
    {
        await Account.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
