using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>Several destinations of one client, and what each may hold.</summary>
public sealed class RotationDestinationTests : RotationSessionTests
{
    [Fact]
    public void Two_destinations_of_one_key_are_both_rotated_before_it_goes()
    {
        File.Copy(KeyFile, KeyFile + "-2");
        ShellResult result = Account.Run("""
            $null = Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod 0
            $null = Start-AuthressAccessKeyRotation $id -OutFile "$file-2" -OverlapPeriod 0
            Get-AuthressAccessKeyRotation | Complete-AuthressAccessKeyRotation
            """).Ok();
        Assert.Equal(["Completed", "Completed"], result.Get("State").Select(state => state?.ToString()));
        Assert.Equal(Keys.Order(StringComparer.Ordinal), new[] { File.ReadAllText(KeyFile), File.ReadAllText(KeyFile + "-2") }.Select(key => key.Split('.')[1]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("$rows")]
    [InlineData("$rows[1], $rows[0]")]
    public void Destinations_of_one_command_know_of_each_other_without_a_journal(string rows)
    {
        // The second destination is empty, and the key of the first one the client's only other.
        _ = Account.Run("""
            $rows = "$file", "$file-2" | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            $null = $rows[0] | Complete-AuthressAccessKeyRotation -WithoutJournal
            """).Ok();
        ShellResult started = Account.Run($"{rows} | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0 -OlderThan 90").Ok();
        Assert.Null(started.Single.Properties["ReplacedKeyId"].Value);
        _ = Account.Run($"{rows} | Complete-AuthressAccessKeyRotation -WithoutJournal").Ok();
        Assert.Equal(Keys.Order(StringComparer.Ordinal), new[] { KeyFile, KeyFile + "-2" }.Select(file => File.ReadAllText(file).Split('.')[1]).Order(StringComparer.Ordinal));
    }

    // One at a time, too: the rows depend on each other.
    [Theory]
    [InlineData("")]
    [InlineData("-ThrottleLimit 1")]
    [InlineData("-ErrorAction Stop")]
    public void A_key_that_another_destination_of_the_command_holds_is_kept_without_a_journal(string more)
    {
        File.Copy(KeyFile, KeyFile + "-2");
        ErrorRecord error = Account.Run($$"""
            $rows = "$file", "$file-2" | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            $rows | Complete-AuthressAccessKeyRotation -WithoutJournal {{more}}
            """).Errors[0];
        Assert.StartsWith("RotationKeyInUse,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(HeldKeyId, Keys);

        // Neither the destination in which nothing was rotated nor the other one fails by itself.
        Assert.Equal("Due", Account.Run("$rows[0] | Get-AuthressAccessKeyRotation -WithoutJournal").Ok().Single.Properties["State"].Value.ToString());
        ShellResult none = Account.Run("$rows[1] | Complete-AuthressAccessKeyRotation -WithoutJournal").Ok();
        Assert.Empty(none.Output);
        Assert.Single(none.Warnings);

        // And for the overlap of the other, once that is rotated too.
        ShellResult kept = Account.Run($"$null = $rows[1] | Start-AuthressAccessKeyRotation -WithoutJournal; $rows | Complete-AuthressAccessKeyRotation -WithoutJournal {more}").Ok();
        Assert.Equal(["Due", "Delivered"], kept.Get("State").Select(state => state?.ToString()));
        Assert.Contains(HeldKeyId, Keys);
    }

    [Fact]
    public void A_destination_that_can_not_be_opened_may_hold_a_key_of_its_client()
    {
        ShellResult result = Account.Run("""
            $rows = @{ OutFile = $file }, @{ SecretName = 'billing'; VaultName = 'missing' } | ForEach-Object { [pscustomobject](@{ ClientId = $id } + $_) }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            $rows | Complete-AuthressAccessKeyRotation -WithoutJournal
            """);
        Assert.Equal(["RotationKeyInUse", "RotationDestinationFailed"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Contains(HeldKeyId, Keys);
    }

    // A row without a destination, or with two.
    [Theory]
    [InlineData("", "RotationDestinationMissing")]
    [InlineData("billing", "RotationDestinationUnclear")]
    public void A_row_whose_destination_is_not_clear_may_hold_a_key_of_its_client(string secret, string errorId)
    {
        ShellResult result = Account.Run($$"""
            $rows = @{ OutFile = $file }, @{ OutFile = '{{(secret.Length > 0 ? "other.key" : string.Empty)}}'; SecretName = '{{secret}}' } | ForEach-Object { [pscustomobject](@{ ClientId = $id } + $_) }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            $rows | Complete-AuthressAccessKeyRotation -WithoutJournal
            """);
        Assert.Equal([errorId, "RotationKeyInUse"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order(StringComparer.Ordinal));
        Assert.Contains(HeldKeyId, Keys);
    }

    [Fact]
    public void The_journal_knows_of_a_destination_that_can_not_be_opened()
    {
        ShellResult started = Account.Run("""
            $rows = @{ OutFile = $file }, @{ SecretName = 'billing'; VaultName = 'ops' } | ForEach-Object { [pscustomobject](@{ ClientId = $id } + $_) }
            $rows | Start-AuthressAccessKeyRotation -OverlapPeriod 0
            """);
        Assert.Equal("RotationDestinationFailed", started.ErrorId);
        Assert.Contains("may hold a key", started.Warnings[^1], StringComparison.Ordinal);
        ErrorRecord error = Account.Run("Get-AuthressAccessKeyRotation -State Due | Complete-AuthressAccessKeyRotation").Refused("RotationKeyInUse", ErrorCategory.InvalidOperation);
        Assert.Contains("'ops'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(HeldKeyId, Keys);

        // Once it can be opened, what it holds decides.
        ShellResult completed = Account.Run("""
            Import-Module $vaults
            Get-AuthressAccessKeyRotation -State Due | Complete-AuthressAccessKeyRotation
            """).Ok();
        Assert.Equal("Completed", completed.Single.Properties["State"].Value.ToString());
    }

    [Theory]
    [InlineData("-OutFile")]
    [InlineData("-SecretName")]
    public void The_journal_keeps_no_credential_that_stands_where_a_destination_belongs(string parameter)
    {
        ShellResult result = Account.Run($"Start-AuthressAccessKeyRotation $id {parameter} (Get-Content $file)");
        Assert.Equal("RotationDestinationFailed", result.ErrorId);
        string secret = File.ReadAllText(KeyFile).Split('.')[^1];
        Assert.DoesNotContain(secret, result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.All(Directory.Exists(Journal) ? Directory.GetFiles(Journal) : [], file => Assert.DoesNotContain(secret, file + File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_of_the_default_vault_is_not_taken_for_that_of_another_vault()
    {
        ShellResult result = Account.Run("""
            Import-Module $vaults
            Set-Secret billing (Get-Content $file) -Vault spare
            $rows = @{ VaultName = 'spare' }, @{} | ForEach-Object { [pscustomobject](@{ ClientId = $id; SecretName = 'billing' } + $_) }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            Unregister-SecretVault ops
            $rows | Complete-AuthressAccessKeyRotation -WithoutJournal
            """);
        Assert.Equal(["RotationKeyInUse", "RotationDestinationFailed"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Contains(HeldKeyId, Keys);
    }

    // Nothing looks into what a script reads.
    [Fact]
    public void Start_promises_nothing_of_a_script_that_fails()
    {
        ShellResult result = Account.Run("Start-AuthressAccessKeyRotation $id -SaveScript { } -ReadScript { throw 'closed' }");
        Assert.Equal("RotationDestinationFailed", result.ErrorId);
        Assert.Empty(result.Warnings);
    }

    // Without Start, whichever comes first and however they are run.
    [Theory]
    [InlineData("$rows")]
    [InlineData("$rows[1], $rows[0]")]
    [InlineData("$rows", "-ErrorAction Stop")]
    [InlineData("$rows", "-Confirm:$false -ThrottleLimit 1")]
    public void A_key_that_another_destination_of_the_command_holds_is_kept_where_the_journal_does_not_know_it(string rows, string more = "")
    {
        File.Copy(KeyFile, KeyFile + "-2");
        ShellResult result = Account.Run($$"""
            $rows = "$file", "$file-2" | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } }
            $null = $rows[0] | Start-AuthressAccessKeyRotation -OverlapPeriod 0
            {{rows}} | Complete-AuthressAccessKeyRotation {{more}}
            """);
        Assert.Contains(result.Errors, error => error.FullyQualifiedErrorId.StartsWith("RotationKeyInUse,", StringComparison.Ordinal) || more.Contains("Stop", StringComparison.Ordinal));
        Assert.Contains(HeldKeyId, Keys);
    }

    [Fact]
    public void A_destination_that_can_not_be_opened_any_more_is_what_its_record_says()
    {
        _ = Account.Run("""
            $rows = "$file", "$file-2" | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } }
            $rows | Start-AuthressAccessKeyRotation -OverlapPeriod 0
            """).Ok();
        File.Delete(KeyFile + "-2");
        Directory.CreateDirectory(KeyFile + "-2");
        ShellResult result = Account.Run("$rows | Complete-AuthressAccessKeyRotation");
        Assert.Equal(("RotationDestinationFailed", "Completed"), (result.ErrorId, result.Single.Properties["State"].Value.ToString()));
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    // Their destinations say nothing of each other, and what they see of the pipeline is that of their row.
    [Fact]
    public void Scripts_without_a_journal_run_row_by_row()
    {
        ShellResult result = Account.Run("""
            $store = @{}
            $clients = 'one', 'two' | ForEach-Object { New-AuthressServiceClient $_ }
            $null = $clients | Write-Output -PipelineVariable row | Start-AuthressAccessKeyRotation -WithoutJournal -ReadScript { $store[$row.Name] } -SaveScript { $store[$row.Name] = $_.AccessKey }
            $clients | ForEach-Object { (Test-AuthressAccessKey $store[$_.Name]).ClientId -eq $_.ClientId }
            """).Ok();
        Assert.Equal([true, true], result.Output.Select(same => (bool)same.BaseObject));
    }

    [Fact]
    public void A_damaged_record_of_another_destination_stops_only_what_deletes()
    {
        File.Copy(KeyFile, KeyFile + "-2");
        File.WriteAllText(KeyFile + "-2.rotation", "damaged");
        ShellResult started = Account.Run("""
            $rows = "$file", "$file-2" | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } }
            $rows | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            """);
        Assert.Equal(("JournalDamaged", "Due"), (started.ErrorId, started.Single.Properties["State"].Value.ToString()));
        ShellResult completed = Account.Run("$rows | Complete-AuthressAccessKeyRotation -WithoutJournal");
        Assert.All(completed.Errors, error => Assert.StartsWith("JournalDamaged,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Contains(HeldKeyId, Keys);
    }

    [Fact]
    public void An_empty_destination_takes_no_key_of_another_one_of_the_command_that_the_journal_does_not_know_yet()
    {
        ShellResult started = Account.Run("""
            "$file-new", $file | ForEach-Object { [pscustomobject]@{ ClientId = $id; OutFile = $_ } } | Start-AuthressAccessKeyRotation
            """).Ok();
        Assert.Equal([null, HeldKeyId], started.Get("ReplacedKeyId"));
    }

    [Fact]
    public void A_key_that_a_destination_of_a_missing_folder_may_hold_is_kept()
    {
        string share = Path.Combine(Account.Folder, "share");
        Account.Shell.Set("share", Path.Combine(share, "billing.key"));
        ShellResult unread = Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $share");
        unread.Refused("RotationDestinationFailed", ErrorCategory.WriteError);
        Assert.Contains("may hold a key", Assert.Single(unread.Warnings), StringComparison.Ordinal);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        ErrorRecord error = Account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Refused("RotationKeyInUse", ErrorCategory.InvalidOperation);
        Assert.Contains(share, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(HeldKeyId, Keys);

        // With the folder, it can be seen that the file is not there.
        Directory.CreateDirectory(share);
        Account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    [Fact]
    public void A_key_that_was_delivered_and_is_no_longer_held_is_kept_for_the_overlap()
    {
        Account.Run("$old = Get-Content $file; $null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string given = File.ReadAllText(KeyFile).Split('.')[1];
        ShellResult again = Account.Run("Set-Content $file $old; Start-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.Contains(again.Warnings, warning => warning.ToString().Contains($"'{given}'", StringComparison.Ordinal));
        Assert.Equal(3, Keys.Length);
        Assert.Contains($"'{given}'", Account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force -WhatIf").Ok().HostText, StringComparison.Ordinal);
        Account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.Equal([File.ReadAllText(KeyFile).Split('.')[1]], Keys);
    }

    [Fact]
    public void A_piped_rotation_is_completed_where_a_link_of_its_path_was_changed()
    {
        if (OperatingSystem.IsWindows())
            return;
        string[] folders = [Path.Combine(Account.Folder, "v1"), Path.Combine(Account.Folder, "v2")];
        string current = Path.Combine(Account.Folder, "current");
        Assert.All(folders, folder => Directory.CreateDirectory(folder));
        File.Move(KeyFile, Path.Combine(folders[0], "billing.key"));
        Directory.CreateSymbolicLink(current, folders[0]);
        Account.Shell.Set("linked", Path.Combine(current, "billing.key"));
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $linked -OverlapPeriod 0").Ok();
        File.Move(Path.Combine(folders[0], "billing.key"), Path.Combine(folders[1], "billing.key"));
        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, folders[1]);
        Assert.Equal("Completed", Account.Run("Get-AuthressAccessKeyRotation -State Due | Complete-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    // The same account by another of its URLs, and where the second rotation fails at its first request or at the registration.
    [Theory]
    [InlineData("127.0.0.1", "POST")]
    [InlineData("localhost", "POST")]
    [InlineData("127.0.0.1", "GET")]
    public void A_key_that_another_destination_still_holds_is_kept(string host, string failing)
    {
        File.Copy(KeyFile, KeyFile + "-2");
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Account.Shell.Connect(new UriBuilder(Account.Server.ApiUrl) { Host = host }.Uri, Account.Server.AccessKey);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal(2, Keys.Length);
        Account.Server.FaultSource = (method, _) => method == failing ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"").ErrorId);
        Account.Server.FaultSource = null;
        ErrorRecord error = Account.Run("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Refused("RotationKeyInUse", ErrorCategory.InvalidOperation);
        Assert.Contains(KeyFile + "-2", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(HeldKeyId, Keys);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"; Complete-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok();
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    [Fact]
    public void Several_destinations_of_one_name_are_told_apart_by_their_paths()
    {
        string[] folders = [.. new[] { "west", "east" }.Select(name => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(KeyFile)!, name)).FullName)];
        foreach (string folder in folders)
            File.WriteAllText(Path.Combine(folder, "a.key"), Account.Server.IssueAccessKey(ClientId));
        Account.Shell.Set("folders", folders);
        Account.Run("$folders | ForEach-Object { Push-Location $_; $null = Start-AuthressAccessKeyRotation $id -OutFile a.key; Pop-Location }").Ok();
        ErrorRecord error = Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationSeveral", ErrorCategory.InvalidOperation);
        Assert.All(folders, folder => Assert.Contains($"'{Path.Combine(folder, "a.key")}'", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Completes_the_one_that_is_delivered_beside_one_that_waits_for_room()
    {
        Account.Shell.Set("other", Account.Server.IssueAccessKey(ClientId));
        Account.Server.IssueAccessKey(ClientId);
        Account.Server.IssueAccessKey(ClientId);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal("RotationNoRoom", Account.Run("Set-Content \"$file-2\" $other; Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\"").ErrorId);
        Assert.Equal("Completed", Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok().Single.Properties["State"].Value.ToString());
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_script_for_two_places_is_refused_at_the_second(bool holdsKey)
    {
        Account.Run("$kept = @{ a = Get-Content $file }").Ok();
        if (holdsKey)
            Account.Run("$kept.b = $kept.a").Ok();
        const string scripts = "-SaveScript { $kept[$place] = $_.AccessKey } -ReadScript { $kept[$place] }";
        Account.Run($"$place = 'a'; $null = Start-AuthressAccessKeyRotation $id {scripts}").Ok();
        if (!holdsKey)
            Account.Run("$null = Complete-AuthressAccessKeyRotation $id -ReadScript { $kept[$place] } -Force").Ok();
        string[] keys = Keys;
        ErrorRecord error = Account.Run($"$place = 'b'; Start-AuthressAccessKeyRotation $id {scripts}").Refused("RotationContentChanged", ErrorCategory.InvalidOperation);
        Assert.Contains("text", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(keys, Keys);

        // Completed is what it is for the first place alone.
        string complete = "Complete-AuthressAccessKeyRotation $id -ReadScript { $kept[$place] } -Force";
        Assert.Equal("Completed", Account.Run($"$place = 'a'; {complete}").Ok().Single.Properties["State"].Value.ToString());
        Account.Run($"$place = 'b'; {complete}").Refused("RotationContentChanged", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void Two_texts_for_two_places_are_two_rotations()
    {
        ShellResult result = Account.Run("""
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
        File.CreateSymbolicLink(KeyFile + "-link", KeyFile);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile \"$file-link\" -WithoutJournal").Ok();
        Assert.Equal("Delivered", Account.Run("Get-AuthressAccessKeyRotation $id -OutFile $file -WithoutJournal").Ok().Single.Properties["State"].Value.ToString());
        Assert.NotNull(new FileInfo(KeyFile + "-link").LinkTarget);
        Assert.NotEqual(HeldKeyId, File.ReadAllText(KeyFile).Split('.')[1]);
    }

    [Fact]
    public void Rotates_one_client_in_one_destination()
    {
        Account.Shell.Set("ids", new[] { ClientId, Account.Seed() });
        ShellResult result = Account.Run("$ids | Start-AuthressAccessKeyRotation -OutFile $file -Force");
        Assert.Equal("RotationDestinationTaken", result.ErrorId);
        Assert.Equal(result.Errors[0].TargetObject, ((PSObject)Account.Run("$ids[1]").Single).BaseObject);
        Assert.Equal(ClientId, result.Single.Properties["ClientId"].Value);
        Assert.Equal(File.ReadAllText(KeyFile).Split('.')[1], result.Single.Properties["NewKeyId"].Value);
    }
}
