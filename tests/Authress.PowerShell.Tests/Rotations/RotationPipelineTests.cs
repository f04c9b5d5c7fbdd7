using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>Rotations and the pipeline that they run in: what it feeds, asks, warns of, and how it ends.</summary>
public sealed class RotationPipelineTests : IAsyncLifetime
{
    // Saves half a key, and can't be read any more.
    private const string Broken = "-SaveScript { $global:broken = $true; throw 'half' } -ReadScript { if ($global:broken) { throw 'unreadable' } }";

    private readonly Account _account = new();
    private string _client = string.Empty;
    private string _file = string.Empty;
    private string _held = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{"name":"billing"}""");
        _file = Path.Combine(_account.Folder, "billing.key");
        string key = _account.Server.IssueAccessKey(_client);
        _held = key.Split('.')[1];
        File.WriteAllText(_file, key);
        _account.Shell.Set("file", _file);
        _account.Shell.Set("id", _client);
        _account.Shell.Set("held", _held);
        _account.Shell.Set("journal", Journal);
        _account.Run("$PSDefaultParameterValues['*-AuthressAccessKeyRotation:JournalPath'] = $journal; $ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    private string Journal => Path.Combine(_account.Folder, "journal");

    private string Entry => File.ReadAllText(Directory.GetFiles(Journal, "*.json").Single());

    private string[] Keys => [.. _account.Server.FindClient(_client)!.Keys.Select(key => key.KeyId)];

    [Theory]
    [InlineData("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf")]
    [InlineData("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -WhatIf -Force")]
    public void A_rehearsal_that_fails_leaves_the_journal_as_it_was(string script)
    {
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string entry = Entry;
        _account.Server.FaultSource = (method, _) => method == "GET" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", _account.Run(script).ErrorId);
        Assert.Equal(entry, Entry);
        _account.Server.FaultSource = null;
        string[] keys = Keys;
        Assert.Equal("Delivered", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Get("State").Single()?.ToString());
        Assert.Equal(keys, Keys);
    }

    [Fact]
    public void A_completion_is_not_promised_that_would_be_refused()
    {
        string old = File.ReadAllText(_file);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        File.WriteAllText(_file, old);
        ShellResult result = _account.Run("Complete-AuthressAccessKeyRotation $id -Force -WhatIf");
        Assert.Equal("RotationContentChanged", result.ErrorId);
        Assert.Empty(result.HostText);
    }

    [Fact]
    public void A_confirmation_names_the_client_and_the_key_or_that_none_is_replaced()
    {
        string text = _account.Run("Get-AuthressServiceClient $id | Start-AuthressAccessKeyRotation -OutFile $file -WhatIf").Ok().HostText;
        Assert.Contains($"'billing' ({_client})", text, StringComparison.Ordinal);
        Assert.Contains($"'{_held}'", text, StringComparison.Ordinal);
        _account.Shell.Set("other", _account.Seed());
        Assert.Contains("replaces no key", _account.Run("Start-AuthressAccessKeyRotation $other -OutFile $file-other -WhatIf").Ok().HostText, StringComparison.Ordinal);
        _account.Run("$null = Start-AuthressAccessKeyRotation $other -OutFile \"$file-other\"").Ok();
        Assert.Contains("none is deleted", _account.Run("Complete-AuthressAccessKeyRotation $other -Force -WhatIf").Ok().HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Rotates_one_client_in_one_destination()
    {
        _account.Shell.Set("ids", new[] { _client, _account.Seed() });
        ShellResult result = _account.Run("$ids | Start-AuthressAccessKeyRotation -OutFile $file -Force");
        Assert.Equal("RotationDestinationTaken", result.ErrorId);
        Assert.Equal(result.Errors[0].TargetObject, ((PSObject)_account.Run("$ids[1]").Single).BaseObject);
        Assert.Equal(_client, result.Single.Properties["ClientId"].Value);
        Assert.Equal(File.ReadAllText(_file).Split('.')[1], result.Single.Properties["NewKeyId"].Value);
    }

    [Fact]
    public void Begins_no_rotation_while_the_command_upstream_is_at_work()
    {
        _account.Shell.Set("other", _account.Seed());
        ShellResult result = _account.Run("& { $id; $global:began = Test-Path $journal; $other } | Start-AuthressAccessKeyRotation -OutFile { \"$file-$_\" } -ThrottleLimit 3; $began").Ok();
        Assert.Equal(["Delivered", "Delivered"], result.Output.SkipLast(1).Select(rotation => rotation.Properties["State"].Value.ToString()));
        Assert.Equal(false, result.Output[^1].BaseObject);
    }

    [Fact]
    public void Two_destinations_of_one_key_are_both_rotated_before_it_goes()
    {
        File.Copy(_file, _file + "-2");
        ShellResult result = _account.Run("""
            $null = Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod 0
            $null = Start-AuthressAccessKeyRotation $id -OutFile "$file-2" -OverlapPeriod 0
            Get-AuthressAccessKeyRotation | Complete-AuthressAccessKeyRotation
            """).Ok();
        Assert.Equal(["Completed", "Completed"], result.Get("State").Select(state => state?.ToString()));
        Assert.Equal(Keys.Order(StringComparer.Ordinal), new[] { File.ReadAllText(_file), File.ReadAllText(_file + "-2") }.Select(key => key.Split('.')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_key_that_a_destination_of_a_missing_folder_may_hold_is_kept()
    {
        string share = Path.Combine(_account.Folder, "share");
        _account.Shell.Set("share", Path.Combine(share, "billing.key"));
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $share").Refused("RotationDestinationFailed", ErrorCategory.WriteError);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        ErrorRecord error = _account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Refused("RotationKeyInUse", ErrorCategory.InvalidOperation);
        Assert.Contains(share, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(_held, Keys);

        // With the folder, it can be seen that the file is not there.
        Directory.CreateDirectory(share);
        _account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.DoesNotContain(_held, Keys);
    }

    [Fact]
    public void A_key_that_was_delivered_and_is_no_longer_held_is_kept_for_the_overlap()
    {
        _account.Run("$old = Get-Content $file; $null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string given = File.ReadAllText(_file).Split('.')[1];
        ShellResult again = _account.Run("Set-Content $file $old; Start-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.Contains(again.Warnings, warning => warning.ToString().Contains($"'{given}'", StringComparison.Ordinal));
        Assert.Equal(3, Keys.Length);
        Assert.Contains($"'{given}'", _account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force -WhatIf").Ok().HostText, StringComparison.Ordinal);
        _account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.Equal([File.ReadAllText(_file).Split('.')[1]], Keys);
    }

    [Fact]
    public void A_piped_rotation_is_completed_where_a_link_of_its_path_was_changed()
    {
        if (OperatingSystem.IsWindows())
            return;
        string[] folders = [Path.Combine(_account.Folder, "v1"), Path.Combine(_account.Folder, "v2")];
        string current = Path.Combine(_account.Folder, "current");
        Assert.All(folders, folder => Directory.CreateDirectory(folder));
        File.Move(_file, Path.Combine(folders[0], "billing.key"));
        Directory.CreateSymbolicLink(current, folders[0]);
        _account.Shell.Set("linked", Path.Combine(current, "billing.key"));
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $linked -OverlapPeriod 0").Ok();
        File.Move(Path.Combine(folders[0], "billing.key"), Path.Combine(folders[1], "billing.key"));
        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, folders[1]);
        Assert.Equal("Completed", _account.Run("Get-AuthressAccessKeyRotation -State Due | Complete-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        Assert.DoesNotContain(_held, Keys);
    }

    // The same account by another of its URLs.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public void A_key_that_another_destination_still_holds_is_kept(string host)
    {
        File.Copy(_file, _file + "-2");
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        _account.Shell.Connect(new UriBuilder(_account.Server.ApiUrl) { Host = host }.Uri, _account.Server.AccessKey);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal(2, Keys.Length);
        _account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"").ErrorId);
        _account.Server.FaultSource = null;
        ErrorRecord error = _account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Refused("RotationKeyInUse", ErrorCategory.InvalidOperation);
        Assert.Contains(_file + "-2", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(_held, Keys);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"; Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.DoesNotContain(_held, Keys);
    }

    [Fact]
    public void Several_destinations_of_one_name_are_told_apart_by_their_paths()
    {
        string[] folders = [.. new[] { "west", "east" }.Select(name => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_file)!, name)).FullName)];
        foreach (string folder in folders)
            File.WriteAllText(Path.Combine(folder, "a.key"), _account.Server.IssueAccessKey(_client));
        _account.Shell.Set("folders", folders);
        _account.Run("$folders | ForEach-Object { Push-Location $_; $null = Start-AuthressAccessKeyRotation $id -OutFile a.key; Pop-Location }").Ok();
        ErrorRecord error = _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationSeveral", ErrorCategory.InvalidOperation);
        Assert.All(folders, folder => Assert.Contains($"'{Path.Combine(folder, "a.key")}'", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Completes_the_one_that_is_delivered_beside_one_that_waits_for_room()
    {
        _account.Shell.Set("other", _account.Server.IssueAccessKey(_client));
        _account.Server.IssueAccessKey(_client);
        _account.Server.IssueAccessKey(_client);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal("RotationNoRoom", _account.Run("Set-Content \"$file-2\" $other; Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"").ErrorId);
        Assert.Equal("Completed", _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok().Single.Properties["State"].Value.ToString());
        Assert.DoesNotContain(_held, Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_script_for_two_places_is_refused_at_the_second(bool holdsKey)
    {
        _account.Run("$kept = @{ a = Get-Content $file }").Ok();
        if (holdsKey)
            _account.Run("$kept.b = $kept.a").Ok();
        const string scripts = "-SaveScript { $kept[$place] = $_.AccessKey } -ReadScript { $kept[$place] }";
        _account.Run($"$place = 'a'; $null = Start-AuthressAccessKeyRotation $id {scripts}").Ok();
        if (!holdsKey)
            _account.Run("$null = Complete-AuthressAccessKeyRotation $id -ReadScript { $kept[$place] } -Force").Ok();
        string[] keys = Keys;
        ErrorRecord error = _account.Run($"$place = 'b'; Start-AuthressAccessKeyRotation $id {scripts}").Refused("RotationContentChanged", ErrorCategory.InvalidOperation);
        Assert.Contains("text", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(keys, Keys);

        // Completed is what it is for the first place alone.
        string complete = "Complete-AuthressAccessKeyRotation $id -ReadScript { $kept[$place] } -Force";
        Assert.Equal("Completed", _account.Run($"$place = 'a'; {complete}").Ok().Single.Properties["State"].Value.ToString());
        _account.Run($"$place = 'b'; {complete}").Refused("RotationContentChanged", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void Two_texts_for_two_places_are_two_rotations()
    {
        ShellResult result = _account.Run("""
            $kept = @{ a = Get-Content $file; b = (New-AuthressAccessKey $id -AsPlainText).AccessKey }
            $rotations = foreach ($place in 'a', 'b') {
                $read = [scriptblock]::Create("`$kept['$place']")
                Start-AuthressAccessKeyRotation $id -SaveScript { $kept[$place] = $_.AccessKey } -ReadScript $read -OverlapPeriod 0
            }
            $rotations.State
            foreach ($place in 'a', 'b') {
                $read = [scriptblock]::Create("`$kept['$place']")
                (Complete-AuthressAccessKeyRotation $id -ReadScript $read).State
            }
            """).Ok();
        Assert.Equal(["Due", "Due", "Completed", "Completed"], result.Output.Select(state => state.ToString()));
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void A_link_and_its_target_have_one_record()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets only some users make links.");
        File.CreateSymbolicLink(_file + "-link", _file);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile \"$file-link\" -WithoutJournal").Ok();
        Assert.Equal("Delivered", _account.Run("Get-AuthressAccessKeyRotation $id -OutFile $file -WithoutJournal").Ok().Single.Properties["State"].Value.ToString());
        Assert.NotNull(new FileInfo(_file + "-link").LinkTarget);
        Assert.NotEqual(_held, File.ReadAllText(_file).Split('.')[1]);
    }

    [Fact]
    public void An_error_that_ends_the_command_loses_no_new_key()
    {
        ShellResult result = _account.Run($"'sc_missing', $id | Start-AuthressAccessKeyRotation {Broken} -ThrottleLimit 3 -ErrorAction Stop");
        Assert.True(result.Terminated);
        Assert.Contains(result.Warnings, warning => warning.Contains("$Error", StringComparison.Ordinal));
        VerifyKept();
    }

    [Theory]
    [InlineData("RotationUndone", "Start-AuthressAccessKeyRotation $id")]
    [InlineData("SecretNotSaved", "New-AuthressAccessKey $id")]
    public void A_secret_that_a_script_throws_stays_in_no_error_of_the_session(string id, string command)
    {
        Assert.Equal(id, _account.Run($$"""
            $Error.Clear()
            {{command}} -ReadScript { } -SaveScript {
                $global:thrown = [System.Net.NetworkCredential]::new('', $_.AccessKey).Password
                throw $thrown
            }
            """).ErrorId);
        ShellResult kept = _account.Run("$thrown.Split('.').Length; $Error.Count; @($Error | Where-Object { \"$($_.TargetObject) $($_.Exception) $($_.ErrorDetails)\" -like \"*$($thrown.Split('.')[3])*\" }).Count");
        Assert.Equal([4, 1, 0], kept.Output.Select(number => number.BaseObject));
    }

    [Fact]
    public void An_error_that_is_ignored_loses_no_new_key()
    {
        Assert.Contains(_account.Run($"Start-AuthressAccessKeyRotation $id {Broken} -ErrorAction Ignore").Warnings, warning => warning.Contains("$Error", StringComparison.Ordinal));
        VerifyKept();
    }

    [Fact]
    public void An_undo_that_takes_too_long_ends_no_other_rotation()
    {
        // Nothing works, a deletion finds nothing, and the look at the client that should explain it takes too long.
        string other = _account.Seed();
        _account.Shell.Set("ids", new[] { _client, other });
        bool deleted = false;
        _account.Server.FaultSource = (method, path) =>
        {
            if (!path.Contains(_client, StringComparison.Ordinal))
                return null;
            if (method == "DELETE")
                deleted = true;
            return method switch
            {
                "POST" => new KeyNotYetUsableFault { Requests = 100 },
                "DELETE" => new StatusFault(404),
                _ => deleted ? new DelayFault(8000) : null,
            };
        };
        ShellResult result = _account.Run("$ids | Start-AuthressAccessKeyRotation -OutFile { if ($_ -eq $id) { $file } else { \"$file-2\" } } -ThrottleLimit 1 -WaitSec 0");
        Assert.Equal("RotationKeyNotWorking", result.ErrorId);
        Assert.Equal(other, result.Single.Properties["ClientId"].Value);
        Assert.Contains(result.Warnings, warning => warning.Contains(Keys[^1], StringComparison.Ordinal));
    }

    [Fact]
    public void A_warning_that_ends_the_command_loses_no_new_key()
    {
        // A fresh key is warned of.
        _account.Server.IssueAccessKey(_client);
        ShellResult result = _account.Run($"Start-AuthressAccessKeyRotation $id {Broken} -KeyId $held -WarningAction Stop");
        Assert.Contains(result.Errors, error => error.FullyQualifiedErrorId.StartsWith("RotationDeliveryUncertain", StringComparison.Ordinal));
        VerifyKept();
    }

    [Fact]
    public async Task A_stop_while_a_script_saves_loses_no_new_key()
    {
        using ManualResetEventSlim saving = new();
        _account.Shell.Set("saving", saving);
        using (Engine engine = Engine.Create(_account.Shell.Runspace))
        {
            IAsyncResult running = engine.AddScript("Start-AuthressAccessKeyRotation $id -SaveScript { $saving.Set(); Start-Sleep 60 } -ReadScript { }").BeginInvoke();
            Assert.True(await Task.Run(() => saving.Wait(TimeSpan.FromSeconds(30)), TestContext.Current.CancellationToken));
            engine.Stop();
            Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        }

        string said = _account.Shell.TakeHostText();
        Assert.Contains("$Error", said, StringComparison.Ordinal);
        Assert.Contains(Keys[^1], said, StringComparison.Ordinal);
        VerifyKept();
    }

    private void VerifyKept()
    {
        PSObject tested = _account.Run("($Error | Where-Object FullyQualifiedErrorId -like 'RotationDeliveryUncertain*').TargetObject | ForEach-Object { Test-AuthressAccessKey -AccessKey $_.AccessKey }").Ok().Single;
        Assert.Equal(true, tested.Properties["Works"].Value);
        Assert.Equal(Keys[^1], tested.Properties["KeyId"].Value);
    }
}
