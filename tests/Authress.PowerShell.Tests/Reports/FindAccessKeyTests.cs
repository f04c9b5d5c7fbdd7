using System.Diagnostics;
using System.Management.Automation;
using System.Text;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>Find-AuthressAccessKey in a session. The client's AccessKeyReaderTests has the texts that a key may stand in.</summary>
public sealed class FindAccessKeyTests : IAsyncLifetime
{
    // Only a hang takes that long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Account _account = new();
    private string _client = string.Empty;
    private string _key = string.Empty;
    private string _root = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{"name":"billing"}""");
        _key = _account.Server.IssueAccessKey(_client);
        _root = Directory.CreateDirectory(Path.Combine(_account.Folder, "tree")).FullName;
        _account.Shell.Set("root", _root);
        _account.Run($"Set-Location -LiteralPath '{_root}'; $ConfirmPreference = 'None'").Ok();
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    // What would end with the key deleted.
    private static readonly string[] Changing =
    [
        "Remove-AuthressAccessKey -Force",
        "Remove-AuthressAccessKey -WhatIf",
        "Start-AuthressAccessKeyRotation -OutFile ../new.key -OverlapPeriod 0 -WithoutJournal -Force | Complete-AuthressAccessKeyRotation -WithoutJournal",
        "Start-AuthressAccessKeyRotation -OutFile ../new.key -WithoutJournal -WhatIf",
    ];

    private string KeyId => _key.Split('.')[1];

    // The ids of the key in front of another private key.
    private string Forge(string other) => string.Join('.', _key.Split('.')[..3].Append(other.Split('.')[3]));

    [Fact]
    public void Says_whose_key_is_where_and_sends_nothing()
    {
        string file = Write("sub/prod.env", $"# production\nAUTHRESS_KEY={_key}\n");
        string older = _account.Server.AddLegacyRsaKey(_client);
        Write("sub/prod.json", $$"""{"key":"{{older}}"}""");
        object publicKey = _account.Run($"Get-AuthressAccessKey {_client} {KeyId}").Ok().Single.Properties["PublicKey"].Value;
        _account.Server.ClearRequests();
        IReadOnlyList<PSObject> found = _account.Run("Disconnect-Authress; Find-AuthressAccessKey").Ok().Output;
        Assert.Equal(
            [_client, KeyId, _account.Server.AccountId, file, 2, 14, "FourPart", null, publicKey],
            Properties(found[0], "ClientId", "KeyId", "AccountId", "Path", "Line", "Column", "Form", "IsTracked", "PublicKey"));
        Assert.Equal([_client, 1, 9, "Older", null], Properties(found[1], "ClientId", "Line", "Column", "Form", "PublicKey"));
        Assert.Equal(file + ":2", found[0].ToString());
        Assert.Equal(2, found.Count);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("Find-AuthressAccessKey", ".env a.txt b[1].txt big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey .", ".env a.txt b[1].txt big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey $root", ".env a.txt b[1].txt big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey $root/", ".env a.txt b[1].txt big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey .env", ".env")]
    [InlineData("Find-AuthressAccessKey *.txt", "a.txt b[1].txt")]
    [InlineData("Find-AuthressAccessKey big, a.txt", "big/c.txt big/sub/d.txt a.txt")]
    [InlineData("Find-AuthressAccessKey -LiteralPath 'b[1].txt'", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey 'b`[1`].txt'", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey 'b[1].txt'", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey $root/b[1].txt", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey '[ab].txt'", "a.txt")]
    [InlineData("Get-Item -LiteralPath 'b[1].txt' | Find-AuthressAccessKey", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey (Get-Item a.txt)", "a.txt")]
    [InlineData("[pscustomobject]@{ FullName = \"$root/a.txt\" } | Find-AuthressAccessKey", "a.txt")]
    [InlineData("Get-ChildItem | Find-AuthressAccessKey", "big/c.txt big/sub/d.txt a.txt b[1].txt")]
    [InlineData("Get-ChildItem -Recurse | Find-AuthressAccessKey", "big/c.txt big/sub/d.txt a.txt b[1].txt")]
    [InlineData("Get-ChildItem -Recurse -File | Find-AuthressAccessKey", "a.txt b[1].txt big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey big, big/sub, big/c.txt", "big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey -Depth 0", ".env a.txt b[1].txt")]
    [InlineData("Find-AuthressAccessKey -Depth 1", ".env a.txt b[1].txt big/c.txt")]
    [InlineData("Find-AuthressAccessKey big, big/sub -Depth 0", "big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey -Include *.env, c.*", ".env big/c.txt")]
    [InlineData("Find-AuthressAccessKey -Exclude SUB, *.env", "a.txt b[1].txt big/c.txt")]
    [InlineData("Get-ChildItem | Find-AuthressAccessKey -Exclude big", "a.txt b[1].txt")]
    [InlineData("Find-AuthressAccessKey * -Exclude big", "a.txt b[1].txt")]
    [InlineData("Find-AuthressAccessKey b*, a.txt -Exclude BIG, a*", "b[1].txt")]
    [InlineData("Find-AuthressAccessKey big -Exclude big", "big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey -LiteralPath big/ -Exclude big, sub -Include c*", "big/c.txt")]
    [InlineData("Set-Location big/sub; Find-AuthressAccessKey . -Exclude sub", "big/sub/d.txt")]
    [InlineData("Set-Location big/sub; Find-AuthressAccessKey -Exclude s*", "big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey -Force", ".env a.txt b[1].txt .git/config big/c.txt big/sub/d.txt")]
    [InlineData("Find-AuthressAccessKey .git", ".git/config")]
    [InlineData("@() | Find-AuthressAccessKey", "")]
    [InlineData("$null | ForEach-Object { } | Find-AuthressAccessKey", "")]
    public void Searches_what_is_named(string script, string files)
    {
        foreach (string name in (string[])["a.txt", ".env", "b[1].txt", "big/c.txt", "big/sub/d.txt", ".git/config"])
            Write(name, _key);
        if (OperatingSystem.IsWindows())
            File.SetAttributes(Path.Combine(_root, ".git"), FileAttributes.Directory | FileAttributes.Hidden);
        Assert.Equal(files, string.Join(' ', _account.Run(script).Ok().Get("Path").Select(path => Path.GetRelativePath(_root, (string)path!).Replace('\\', '/'))));
    }

    [Theory]
    [InlineData("'[prod]y.txt'", "[prod]y.txt py.txt")]
    [InlineData("\"$root/[prod]y.txt\"", "[prod]y.txt py.txt")]
    [InlineData("'[c.txt'", "[c.txt")]
    [InlineData("'[d]'", "[d]/e.txt")]
    [InlineData("'[d]/e.txt'", "[d]/e.txt")]
    [InlineData("'[d]/*.txt'", null)]
    [InlineData("'[x]y.txt'", null)]
    [InlineData("nothing*", null)]
    public void Takes_a_name_with_brackets_for_what_has_it_and_warns_where_nothing_matches(string path, string? files)
    {
        foreach (string name in (string[])["[prod]y.txt", "py.txt", "[c.txt", "[d]/e.txt"])
            Write(name, _key);
        ShellResult result = _account.Run($"Find-AuthressAccessKey {path}").Ok();
        Assert.Equal(files ?? string.Empty, string.Join(' ', result.Get("Path").Select(found => Path.GetRelativePath(_root, (string)found!).Replace('\\', '/'))));
        if (files is null)
            Assert.Contains(path.Trim('\''), Assert.Single(result.Warnings), StringComparison.Ordinal);
        else
            Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("locked", "")]
    [InlineData("locked/*", "")]
    [InlineData("locked/*.txt", "")]
    [InlineData("*/a.txt", "open/a.txt")]
    [InlineData("*/*.txt", "open/a.txt")]
    [InlineData("*/[a].txt", "open/a.txt")]
    [InlineData("$root/*/?.txt", "open/a.txt")]
    public void Warns_of_a_folder_that_can_not_be_listed(string path, string files)
    {
        Write("open/a.txt", _key);
        Write("open/b.key", "nothing");
        using LockedFolder locked = new(_root);
        ShellResult result = _account.Run($"Find-AuthressAccessKey {path}").Ok();
        Assert.Equal(files, string.Join(' ', result.Get("Path").Select(found => Path.GetRelativePath(_root, (string)found!).Replace('\\', '/'))));
        Assert.Contains(Path.Combine(_root, "locked"), Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_results_in_the_order_of_the_files()
    {
        string[] names = [.. Enumerable.Range(1000, 700).Select(number => $"{number / 90}/{number}.txt").Order(StringComparer.Ordinal)];
        foreach (string name in names)
            Write(name, new string('x', name[^5] * 100) + "\n" + _key);
        Assert.Equal(names, _account.Run("Find-AuthressAccessKey").Ok().Get("Path").Select(path => Path.GetRelativePath(_root, (string)path!).Replace('\\', '/')));
    }

    [Fact]
    public void Follows_a_link_only_where_it_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string other = Directory.CreateDirectory(Path.Combine(_account.Folder, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "a.txt"), _key);
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), other);
        Directory.CreateSymbolicLink(Path.Combine(_root, "circle"), _root);
        File.CreateSymbolicLink(Path.Combine(_root, "link.txt"), Path.Combine(other, "a.txt"));
        File.CreateSymbolicLink(Path.Combine(_root, "broken.txt"), Path.Combine(other, "missing.txt"));
        ShellResult result = _account.Run("Find-AuthressAccessKey").Ok();
        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings);
        Assert.Equal([Path.Combine(_root, "link", "a.txt")], _account.Run("Find-AuthressAccessKey link").Ok().Get("Path"));
        Assert.Single(_account.Run("Find-AuthressAccessKey link.txt").Ok().Output);
    }

    [Fact]
    public void Leaves_out_binary_files_and_warns_of_a_text_that_is_too_large()
    {
        Write("a.bin", _key + "\0");
        Write("b.txt", new string('x', 3000) + "\n" + _key);
        File.WriteAllText(Path.Combine(_root, "c.txt"), _key, Encoding.Unicode);
        ShellResult result = _account.Run("Find-AuthressAccessKey -MaximumFileSize 2KB -Verbose").Ok();
        Assert.Equal([Path.Combine(_root, "c.txt")], result.Get("Path"));
        Assert.Contains(Path.Combine(_root, "b.txt"), Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Matches("^1 .* 1 ", Assert.Single(result.Verbose));
        Assert.Equal(2, _account.Run("Find-AuthressAccessKey").Ok().Output.Count);
    }

    [Fact]
    public void Goes_on_after_a_file_that_can_not_be_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "This file can be opened and not read, by no user.");
        Write("a.txt", _key);
        ShellResult result = _account.Run("Find-AuthressAccessKey /proc/self/mem, a.txt").Ok();
        Assert.Single(result.Output);
        Assert.Contains("/proc/self/mem", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_open_a_pipe_that_is_not_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        Write("a.txt", _key);
        MakePipe(Path.Combine(_root, "pipe"));
        Assert.Single(_account.Run("Find-AuthressAccessKey").Ok().Output);
    }

    [Theory]
    [InlineData("Find-AuthressAccessKey missing", "SearchPathNotFound", ErrorCategory.ObjectNotFound, "missing")]
    [InlineData("Find-AuthressAccessKey -LiteralPath 'a*'", "SearchPathNotFound", ErrorCategory.ObjectNotFound, "a*")]
    [InlineData("Find-AuthressAccessKey Env:PATH", "SearchPathUnusable", ErrorCategory.InvalidArgument, "Env:PATH")]
    [InlineData("Get-Item Env:PATH | Find-AuthressAccessKey", "SearchPathUnusable", ErrorCategory.InvalidArgument, @"Microsoft.PowerShell.Core\Environment::PATH")]
    [InlineData("Find-AuthressAccessKey nowhere:x", "SearchPathUnusable", ErrorCategory.InvalidArgument, "nowhere:x")]
    public void Refuses_a_path_and_searches_the_others(string script, string id, ErrorCategory category, string target)
    {
        _account.Run(script).Refused(id, category, target);
        Write("a.txt", _key);
        ShellResult result = _account.Run("'missing', 'a.txt' | ForEach-Object { [pscustomobject]@{ FullName = $_ } } | Find-AuthressAccessKey");
        Assert.Equal("SearchPathNotFound", result.ErrorId);
        Assert.Single(result.Output);
    }

    [Theory]
    [InlineData("Find-AuthressAccessKey -Include '[a'")]
    [InlineData("Find-AuthressAccessKey -Exclude '[a'")]
    public void Refuses_an_invalid_pattern(string script) => _account.Run(script).Refused("InvalidWildcard", ErrorCategory.InvalidArgument);

    [Fact]
    public void Counts_the_lines_of_piped_text()
    {
        _account.Shell.Set("text", (string[])["one", "", $"three {_key}", "four\nfive\n", $"six\n{_key}", _key]);
        ShellResult result = _account.Run("$text | Find-AuthressAccessKey").Ok();
        Assert.Equal([3, 7, 8], result.Get("Line"));
        Assert.Equal([7, 1, 1], result.Get("Column"));
        Assert.Equal([null, null, null], result.Get("Path"));
        Assert.Equal("InputStream:3", result.Output[0].ToString());
        Assert.Equal([3, 7, 8], _account.Run("Find-AuthressAccessKey -InputObject $text").Ok().Get("Line"));
        Write("a.txt", $"\n{_key}\n");
        Assert.Equal([2], _account.Run("Get-Content a.txt | Find-AuthressAccessKey").Ok().Get("Line"));
        Assert.Equal([2], _account.Run("Get-Content a.txt -Raw | Find-AuthressAccessKey").Ok().Get("Line"));
    }

    [Fact]
    public void Searches_the_environment()
    {
        const string name = "AUTHRESS_TESTS_OF_FIND";
        Environment.SetEnvironmentVariable(name, $"x {_key}");
        try
        {
            PSObject found = Assert.Single(_account.Run("Find-AuthressAccessKey -Environment").Ok().Output, item => (string)item.Properties["KeyId"].Value == KeyId);
            Assert.Equal(["Env:" + name, 1, 3], Properties(found, "Path", "Line", "Column"));
            _account.Shell.Set("found", found);
            Assert.Equal(true, _account.Run("$found | Test-AuthressAccessKey -Quiet").Ok().Single.BaseObject);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Says_whether_git_tracks_the_file()
    {
        Assert.SkipWhen(_account.Run("Get-Command git -ErrorAction Ignore").Output.Count == 0, "There is no git.");
        Write("[t]racked \"é\".txt", _key);
        Write("tracked.txt", "nothing");
        Write("untracked.txt", _key);
        Write("sub/tracked.txt", _key);
        _account.Run("git init --quiet; git --literal-pathspecs add '[t]racked \"é\".txt' tracked.txt sub").Ok();
        Assert.Equal([false, true, true], _account.Run("Find-AuthressAccessKey").Ok().Get("IsTracked"));
        Assert.Equal([false], _account.Run("Find-AuthressAccessKey untracked.txt").Ok().Get("IsTracked"));
    }

    [Theory]
    [InlineData("GIT_DIR", ".git")]
    [InlineData("GIT_CEILING_DIRECTORIES", "$root")]
    [InlineData("GIT_GLOB_PATHSPECS", "1")]
    public void Says_whether_git_tracks_the_file_whatever_the_environment_says_of_another_search(string variable, string value)
    {
        Assert.SkipWhen(_account.Run("Get-Command git -ErrorAction Ignore").Output.Count == 0, "There is no git.");
        Write("sub/a.txt", _key);
        _account.Run("git init --quiet; git add sub").Ok();
        Assert.Equal([true], _account.Run($"$env:{variable} = \"{value}\"; try {{ Find-AuthressAccessKey sub }} finally {{ $env:{variable} = $null }}").Ok().Get("IsTracked"));
    }

    [Fact]
    public void Says_whether_git_tracks_the_file_that_a_link_leads_to_or_that_has_an_odd_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows, and names have fewer letters.");
        Assert.SkipWhen(_account.Run("Get-Command git -ErrorAction Ignore").Output.Count == 0, "There is no git.");
        string[] names = ["a.txt", "back\\", "back\\\"quote", "back\\\\", "quote\"", "space \\\" -x"];
        foreach (string name in names)
            Write("sub/" + name, _key);
        Directory.CreateSymbolicLink(Path.Combine(_account.Folder, "link"), Path.Combine(_root, "sub"));
        File.CreateSymbolicLink(Path.Combine(_account.Folder, "link.txt"), Path.Combine(_root, "sub", "a.txt"));
        _account.Run("git init --quiet; git add sub").Ok();
        object?[] all = [.. names.Select(_ => (object?)true)];
        Assert.Equal(all, _account.Run("Find-AuthressAccessKey sub").Ok().Get("IsTracked"));
        Assert.Equal(all, _account.Run("Find-AuthressAccessKey ../link").Ok().Get("IsTracked"));
        Assert.Equal([true], _account.Run("Find-AuthressAccessKey ../link.txt").Ok().Get("IsTracked"));
    }

    [Fact]
    public void Pipes_to_what_reads_and_deletes_the_key()
    {
        Write("a.txt", _key);
        PSObject found = _account.Run("Find-AuthressAccessKey").Ok().Single;
        foreach (PSObject piped in (PSObject[])[found, Shell.Deserialized(found)])
        {
            foreach (string copy in (string[])["$input", "$input | Select-Object *", "$input | ConvertTo-Csv | ConvertFrom-Csv", "$input | ConvertTo-Json | ConvertFrom-Json"])
            {
                Assert.Equal(KeyId, _account.Run($"{copy} | Get-AuthressAccessKey", piped).Ok().Single.Properties["KeyId"].Value);
                Assert.Equal([true, KeyId], Properties(_account.Run($"{copy} | Test-AuthressAccessKey", piped).Ok().Single, "Works", "KeyId"));
                Assert.Contains(KeyId, _account.Run($"{copy} | Remove-AuthressAccessKey -WhatIf", piped).Ok().HostText, StringComparison.Ordinal);
                Assert.Contains(KeyId, _account.Run($"{copy} | Start-AuthressAccessKeyRotation -OutFile a.txt -WhatIf", piped).Ok().HostText, StringComparison.Ordinal);

                // The client stays, whatever is found.
                Assert.Equal("AccessKeyPiped", _account.Run($"{copy} | Remove-AuthressServiceClient", piped).ErrorId);
            }
        }

        Assert.Empty(_account.Changes);
        _account.Run("Find-AuthressAccessKey | Remove-AuthressAccessKey").Ok();
        Assert.Empty(_account.Server.FindClient(_client)!.Keys);
    }

    [Fact]
    public void Changes_no_key_whose_ids_stand_before_another_private_key()
    {
        string other = _account.Server.IssueAccessKey(_client);
        string older = _account.Server.AddLegacyRsaKey(_client);
        string forgedOlder = Convert.ToBase64String(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Convert.FromBase64String(older)).Replace(OlderId(older), KeyId, StringComparison.Ordinal)));
        foreach (string forged in (string[])[Forge(other), forgedOlder])
        {
            Write("a.txt", forged);
            foreach (string copy in (string[])["", "| Select-Object *", "| ConvertTo-Csv | ConvertFrom-Csv", "| ConvertTo-Json | ConvertFrom-Json"])
            {
                foreach (string change in Changing)
                    _account.Run($"Find-AuthressAccessKey {copy} | {change}").Refused("SightedKeyDiffers", ErrorCategory.InvalidData);
            }
        }

        Assert.Empty(_account.Changes);

        // What does not show that it is the key is not deleted either.
        Write("a.txt", _key);
        _account.Server.FaultSource = (method, path) => method == "GET" && path.Contains("/clients/", StringComparison.Ordinal) ? new StatusFault(403) : null;
        foreach (string change in Changing)
            _account.Run($"Find-AuthressAccessKey | {change}").Refused("PermissionDenied", ErrorCategory.PermissionDenied);
        _account.Server.FaultSource = null;
        Assert.Empty(_account.Changes);
        _account.Run("Find-AuthressAccessKey | Remove-AuthressAccessKey").Ok();
        Assert.DoesNotContain(_account.Server.FindClient(_client)!.Keys, key => key.KeyId == KeyId);

        // One of the older form shows no public half to compare.
        Write("a.txt", older);
        _account.Run("Find-AuthressAccessKey | Remove-AuthressAccessKey").Ok();
        Assert.Equal(other.Split('.')[1], Assert.Single(_account.Server.FindClient(_client)!.Keys).KeyId);
    }

    [Fact]
    public void Changes_no_key_that_a_test_did_not_find_registered()
    {
        string file = Write("a.txt", Forge(_account.Server.IssueAccessKey(_client)));
        Assert.Equal([false], _account.Run("$tested = Find-AuthressAccessKey | Test-AuthressAccessKey; $tested").Ok().Get("IsRegistered"));
        string[] unknown = ["$tested | Select-Object ClientId, KeyId, @{ Name = 'IsRegistered'; Expression = { $null } }", "$tested | Select-Object ClientId, KeyId, @{ Name = 'IsRegistered'; Expression = { 'yes' } }"];
        string[] copies = ["$tested", "$tested | Select-Object *", "$tested | Select-Object ClientId, KeyId, IsRegistered", "$tested | ConvertTo-Csv | ConvertFrom-Csv", "$tested | ConvertTo-Json | ConvertFrom-Json", "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($tested))"];
        foreach (string piped in (string[])[.. copies, .. unknown])
        {
            foreach (string change in Changing)
                _account.Run($"{piped} | {change}").Refused("TestedKeyNotRegistered", ErrorCategory.InvalidData);
        }

        Assert.Empty(_account.Changes);
        File.WriteAllText(file, _key);
        _account.Run("$tested = Find-AuthressAccessKey | Test-AuthressAccessKey").Ok();
        foreach (string piped in copies)
        {
            Assert.Contains(KeyId, _account.Run($"{piped} | Remove-AuthressAccessKey -WhatIf").Ok().HostText, StringComparison.Ordinal);
            Assert.Contains(KeyId, _account.Run($"{piped} | Start-AuthressAccessKeyRotation -OutFile a.txt -WhatIf").Ok().HostText, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[pscustomobject]@{ a = 1 } | Find-AuthressAccessKey")]
    [InlineData("@{ a = 1 } | Find-AuthressAccessKey")]
    [InlineData("Get-Process -Id $PID | Find-AuthressAccessKey")]
    [InlineData("Get-Location | Find-AuthressAccessKey")]
    [InlineData("Find-AuthressAccessKey -InputObject (Get-AuthressConnection)")]
    public void Refuses_what_is_neither_text_nor_a_file(string script) => _account.Run(script).Refused("NotSearchable", ErrorCategory.InvalidArgument);

    [Fact]
    public void Searches_on_after_an_object_that_is_not_text()
    {
        Write("b.txt", _key);
        _account.Shell.Set("text", _key);
        ShellResult result = _account.Run("Get-AuthressConnection; $text, (Get-AuthressConnection), $text, (Get-Item b.txt) | Find-AuthressAccessKey");
        Assert.Equal([1, 2, 1], result.Output.Skip(1).Select(found => found.Properties["Line"].Value));
        Assert.Equal("NotSearchable", result.ErrorId);
    }

    [Fact]
    public void Tests_the_key_that_is_in_the_file_now()
    {
        string file = Write("a.txt", _key);
        _account.Run("$found = Find-AuthressAccessKey").Ok();

        // A line was added, and a forged key with the same ids comes first.
        string[] parts = _key.Split('.');
        string forged = string.Join('.', parts[0], parts[1], parts[2], parts[3][..30] + new string('A', 34));
        File.WriteAllText(file, $"first\n{_key}");
        Assert.Equal([true], _account.Run("$found | Test-AuthressAccessKey").Ok().Get("Works"));
        File.WriteAllText(file, $"{forged}\n{_key}");
        Assert.Equal([false, true], _account.Run("Find-AuthressAccessKey | Test-AuthressAccessKey").Ok().Get("Works"));
        File.WriteAllText(file, "nothing");
        _account.Run("$found | Test-AuthressAccessKey").Refused("SightingUnreadable", ErrorCategory.ReadError);
        File.Delete(file);
        _account.Run("$found | Test-AuthressAccessKey -Quiet").Refused("SightingUnreadable", ErrorCategory.ReadError);
        _account.Shell.Set("text", _key);
        _account.Run("$text | Find-AuthressAccessKey | Test-AuthressAccessKey").Refused("SightingUnreadable", ErrorCategory.ReadError);
        Assert.Equal("InputObjectNotBound", _account.Run("Get-Item $root | Test-AuthressAccessKey").ErrorId);
    }

    [Theory]
    [InlineData("Find-AuthressAccessKey pipe")]
    [InlineData("Find-AuthressAccessKey a.txt, pipe | ForEach-Object { $_ }")]
    public async Task Stops_at_once_while_a_file_does_not_answer(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        Write("a.txt", _key);
        string pipe = Path.Combine(_root, "pipe");
        MakePipe(pipe);
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        IAsyncResult running = engine.AddScript(script).BeginInvoke();
        SpinWait.SpinUntil(() => engine.InvocationStateInfo.State == PSInvocationState.Running, Limit);
        await Task.Factory.FromAsync(engine.BeginStop(null, null), engine.EndStop).WaitAsync(Limit);
        await Assert.ThrowsAnyAsync<PipelineStoppedException>(() => Task.Factory.FromAsync(running, engine.EndInvoke));

        // The thread that opens it goes on.
        using FileStream release = new(pipe, FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public void Ends_with_the_pipeline()
    {
        for (int number = 0; number < 500; number++)
            Write($"{number}.txt", _key);
        Assert.Single(_account.Run("Find-AuthressAccessKey | Select-Object -First 1").Ok().Output);
        Assert.Equal(500, _account.Run("Find-AuthressAccessKey").Ok().Output.Count);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Shows_the_place_relative_to_the_current_folder(int width)
    {
        Write("sub/\u001b[31mprod.env", _key);
        using Shell shell = new(width);
        string[] lines = [.. shell.Show($"Set-Location '{_root}'; Find-AuthressAccessKey").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        string row = string.Concat(lines[2..].Select(line => line.PadRight(width)[44..].Trim()));
        Assert.StartsWith($"{_client}", lines[2], StringComparison.Ordinal);
        Assert.Equal($"sub{Path.DirectorySeparatorChar}\\u001B[31mprod.env:1", row);
    }

    private static object?[] Properties(PSObject item, params string[] names) =>
        [.. names.Select(name => item.Properties[name].Value is Enum value ? value.ToString() : item.Properties[name].Value)];

    private static string OlderId(string key) => System.Text.Json.Nodes.JsonNode.Parse(Convert.FromBase64String(key))!["keyId"]!.GetValue<string>();

    private static void MakePipe(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
