using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Connections;

public sealed class KeyFileTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authress-tests-");

    private string KeyFile => Path.Combine(_folder.FullName, "key.txt");

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        await File.WriteAllTextAsync(KeyFile, _account.Server.AccessKey + Environment.NewLine);
        Restrict(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Connects_with_the_key_in_a_file()
    {
        ShellResult result = _account.Run($"Disconnect-Authress; Connect-Authress {_account.Server.ApiUrl} -KeyFile '{KeyFile}'").Ok();
        Assert.Empty(result.Warnings);
        Assert.Single(_account.Run("Get-AuthressServiceClient").Ok().Output);
    }

    [Fact]
    public void Finds_a_relative_path_from_the_sessions_own_location()
    {
        _account.Shell.Set("folder", _folder.FullName);
        _account.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($folder)").Ok();
        Assert.NotEqual(_folder.FullName, Environment.CurrentDirectory);
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile key.txt").Ok();
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile ./key.txt").Ok();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public void Warns_if_other_users_can_read_the_key(UnixFileMode exposed)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("There are no such modes on Windows.");
        Restrict(UnixFileMode.UserRead | UnixFileMode.UserWrite | exposed);
        ShellResult result = _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile '{KeyFile}'").Ok();
        Assert.Contains(KeyFile, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_file_that_never_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such file on Windows.");
        Assert.Equal("KeyFileUnreadable", _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile /dev/zero").ErrorId);
    }

    [Fact]
    public void Refuses_a_missing_file_and_disconnects()
    {
        string missing = KeyFile + ".missing";
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile '{missing}'").Refused("KeyFileUnreadable", ErrorCategory.ReadError, missing);
        Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);
    }

    [Fact]
    public void Refuses_a_folder() =>
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile '{_folder.FullName}'").Refused("KeyFileUnreadable", ErrorCategory.ReadError, _folder.FullName);

    [Fact]
    public void Refuses_a_file_that_is_far_too_large_for_a_key()
    {
        File.AppendAllText(KeyFile, new string(' ', 70_000));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -KeyFile '{KeyFile}'").Refused("KeyFileUnreadable", ErrorCategory.ReadError, KeyFile);
    }

    private void Restrict(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyFile, mode);
    }
}
