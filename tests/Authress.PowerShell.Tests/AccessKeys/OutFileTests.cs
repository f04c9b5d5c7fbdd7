using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.AccessKeys;

public sealed partial class OutFileTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("authress-").FullName;
    private string _client = string.Empty;

    private string File => Path.Combine(_folder, "client.key");

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed();
    }

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Saves_a_key_that_connects()
    {
        PSObject key = _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").Ok().Single;
        Assert.Equal(Shell.Reveal(key.Properties["AccessKey"].Value), System.IO.File.ReadAllText(File));
        Assert.Equal(_client, _account.Run($"(Connect-Authress {_account.Server.ApiUrl} -KeyFile '{File}' -PassThru).ClientId").Ok().Single.BaseObject);
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Only_the_owner_can_read_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead of modes.");
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").Ok();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Creates_no_key_if_the_file_exists()
    {
        System.IO.File.WriteAllText(File, "precious");
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").ErrorId);
        Assert.Equal("precious", System.IO.File.ReadAllText(File));
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Replaces_a_file_with_Force()
    {
        System.IO.File.WriteAllText(File, "old");
        PSObject key = _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok().Single;
        Assert.Equal(Shell.Reveal(key.Properties["AccessKey"].Value), System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData("missing/client.key")]
    [InlineData(".")]
    public void Creates_no_key_if_the_file_cannot_be_created(string path)
    {
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{Path.Combine(_folder, path)}'").ErrorId);
        Assert.Empty(_account.Changes);
    }

    [Theory]
    [InlineData("Env:authress_key")]
    [InlineData("nowhere:\\client.key")]
    public void Creates_no_key_for_a_path_outside_the_file_system(string path)
    {
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{path}'").ErrorId);
        Assert.False(System.IO.File.Exists("authress_key"));
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Writes_one_key_and_creates_no_second()
    {
        string second = _account.Seed();
        ShellResult result = _account.Run($"New-AuthressAccessKey {_client}, {second} -OutFile '{File}' -Force");
        Assert.Equal("DestinationTaken", result.ErrorId);
        Assert.Equal(_client, result.Single.Properties["ClientId"].Value);
        Assert.Empty(_account.Server.FindClient(second)!.Keys);
    }

    [Fact]
    public void Takes_two_paths_of_one_file_for_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs a privilege on Windows.");
        string real = Directory.CreateDirectory(Path.Combine(_folder, "real")).FullName;
        string link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, real);
        _account.Shell.Set("rows", new[] { (_client, real), (_account.Seed(), link) }.Select(row => new { ClientId = row.Item1, OutFile = Path.Combine(row.Item2, "x.key") }).ToArray());
        ShellResult result = _account.Run("$rows | New-AuthressAccessKey -Force");
        Assert.Equal("DestinationTaken", result.ErrorId);
        Assert.Equal(_client, result.Single.Properties["ClientId"].Value);
        Assert.StartsWith(_client + ".", System.IO.File.ReadAllText(Path.Combine(real, "x.key")), StringComparison.Ordinal);
    }

    [Fact]
    public void Prepares_nothing_for_a_connection_that_only_reads()
    {
        _account.Connect("-ReadOnly");
        ShellResult result = _account.Run($"New-AuthressAccessKey {_client} -SaveScript {{ $global:ran = $true }} -ReadScript {{ $global:ran = $true }}");
        Assert.Equal("ReadOnlyConnection", result.ErrorId);
        Assert.DoesNotContain(_account.Run("$global:ran").Output, ran => ran is not null);
    }

    [Fact]
    public void Touches_no_file_under_WhatIf()
    {
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -WhatIf").Ok();
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Leaves_no_file_if_no_key_was_created()
    {
        Assert.Equal("NotFound", _account.Run($"New-AuthressAccessKey nope -OutFile '{File}'").ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("its folder is deleted")]
    [InlineData("another program replaces the draft")]
    public void Returns_the_key_if_the_file_does_not_hold_it(string accident)
    {
        // On Windows nothing replaces an open file.
        Assert.SkipWhen(OperatingSystem.IsWindows() && accident.Contains("draft", StringComparison.Ordinal), "Windows locks the draft.");
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        string script = $"New-AuthressAccessKey {_client} -OutFile '{Path.Combine(inner, "client.key")}'";

        // While the request is pending: after the draft is created, and before the secret is written.
        _account.Server.FaultSource = (method, _) =>
        {
            if (method != "POST")
                return null;
            string draft = Directory.GetFiles(inner).Single();
            Directory.Delete(inner, recursive: true);
            if (accident != "its folder is deleted")
            {
                Directory.CreateDirectory(inner);
                System.IO.File.WriteAllText(draft, "something else");
            }

            return null;
        };
        ShellResult result = _account.Run(script);
        Assert.Equal("SecretNotSaved", result.ErrorId);
        Assert.Contains(". The cmdlet returns", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.StartsWith(_client + ".", Shell.Reveal(result.Single.Properties["AccessKey"].Value), StringComparison.Ordinal);

        // With Stop nothing is assigned; the error has the key.
        Directory.CreateDirectory(inner);
        foreach (string file in Directory.GetFiles(inner))
            System.IO.File.Delete(file);
        string caught = $"try {{ $lost = {script} -ErrorAction Stop }} catch {{ $_.TargetObject.AccessKey }}; $lost";
        Assert.StartsWith(_client + ".", Shell.Reveal(_account.Run(caught).Output[0]), StringComparison.Ordinal);
    }
}
