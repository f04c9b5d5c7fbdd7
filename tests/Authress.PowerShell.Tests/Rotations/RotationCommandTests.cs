using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>Start-, Complete- and Get-AuthressAccessKeyRotation in a session.</summary>
public sealed class RotationCommandTests : RotationSessionTests
{
    [Fact]
    public void Replaces_the_key_of_a_file_and_deletes_the_old_one_after_the_overlap()
    {
        PSObject started = Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Single;
        Assert.Equal("Delivered", started.Properties["State"].Value.ToString());
        Assert.Equal(HeldKeyId, started.Properties["ReplacedKeyId"].Value);
        Assert.Equal(FileKeyId, started.Properties["NewKeyId"].Value);
        Assert.Equal([HeldKeyId, FileKeyId], Keys);
        Assert.Equal(DateTimeOffset.UtcNow.AddHours(24), (DateTimeOffset)started.Properties["DueTime"].Value, TimeSpan.FromMinutes(1));

        // Neither is completed before its time, nor started again.
        ShellResult early = Account.Run("Complete-AuthressAccessKeyRotation $id; Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal(["Delivered", "Delivered"], early.Get("State").Select(state => state?.ToString()));
        Assert.Single(early.Warnings);
        Assert.Equal([HeldKeyId, FileKeyId], Keys);
        Assert.Equal("Completed", Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok().Get("State").Single()?.ToString());
        Assert.Equal([FileKeyId], Keys);
        Assert.True((bool)Account.Run("Test-AuthressAccessKey -KeyFile $file -Quiet").Ok().Single.BaseObject);
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient $id | Start-AuthressAccessKeyRotation -SecretName { $_.Name }")]
    [InlineData("Start-AuthressAccessKeyRotation $id -SecretName billing -VaultName ops")]
    [InlineData("[pscustomobject]@{ ClientId = $id; OutFile = ''; SecretName = 'billing' } | Start-AuthressAccessKeyRotation")]
    [InlineData("[pscustomobject]@{ ClientId = $id; SecretName = 'billing'; VaultName = $null } | Start-AuthressAccessKeyRotation -ThrottleLimit 1")]
    public void Replaces_the_secret_of_a_vault(string script)
    {
        string key = Account.Server.IssueAccessKey(ClientId);
        Account.Shell.Set("key", key);
        Account.Run("Import-Module $vaults; Set-Secret billing $key").Ok();
        PSObject started = Account.Run(script).Ok().Single;
        Assert.Equal(key.Split('.')[1], started.Properties["ReplacedKeyId"].Value);
        Assert.Equal("ops", started.Properties["VaultName"].Value);
        Assert.Equal("Completed", Account.Run("Get-AuthressAccessKeyRotation | Complete-AuthressAccessKeyRotation -Force").Ok().Get("State").Single()?.ToString());
        Assert.Equal([HeldKeyId, (string)started.Properties["NewKeyId"].Value], Keys);
        Assert.Equal(started.Properties["NewKeyId"].Value, Account.Run("(Get-SecretInfo billing).Metadata['keyId']").Ok().Single.BaseObject);
    }

    [Fact]
    public void Replaces_what_two_scripts_keep_for_each_client()
    {
        string other = Account.Seed();
        Account.Shell.Set("ids", new[] { ClientId, other });
        ShellResult result = Account.Run("""
            $kept = @{}
            $ids | Start-AuthressAccessKeyRotation -SaveScript { $kept[$_.ClientId] = $_.AccessKey } -ReadScript { $kept[$_] } -OverlapPeriod 0
            $ids | Complete-AuthressAccessKeyRotation -ReadScript { $kept[$_] }
            $kept.Count
            """).Ok();
        Assert.Equal(2, result.Output[^1].BaseObject);
        Assert.Equal(["Due", "Due", "Completed", "Completed"], result.Output.SkipLast(1).Select(rotation => rotation.Properties["State"].Value.ToString()));
    }

    [Fact]
    public void A_script_that_is_needed_and_not_specified_is_asked_for()
    {
        Account.Run("Start-AuthressAccessKeyRotation $id -SaveScript { $script:kept = $_.AccessKey } -ReadScript { $script:kept }").Ok();
        Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationScriptNeeded", ErrorCategory.InvalidOperation);
    }

    [Theory]
    [InlineData("-OutFile $file", ".rotation")]
    [InlineData("-SecretName billing", null)]
    public void Keeps_the_record_beside_the_destination_where_there_is_no_journal(string destination, string? suffix)
    {
        Account.Run($"Import-Module $vaults; $null = Start-AuthressAccessKeyRotation $id {destination} -WithoutJournal -KeyId {HeldKeyId}").Ok();
        Assert.False(Directory.Exists(Journal));
        if (suffix is not null)
            Assert.DoesNotContain(File.ReadAllText(KeyFile), File.ReadAllText(KeyFile + suffix), StringComparison.Ordinal);
        Assert.Equal("Delivered", Account.Run($"Get-AuthressAccessKeyRotation $id {destination} -WithoutJournal").Ok().Get("State").Single()?.ToString());
        Assert.Equal(2, Keys.Length);
        Assert.Equal("Completed", Account.Run($"Complete-AuthressAccessKeyRotation $id {destination} -WithoutJournal -Force").Ok().Get("State").Single()?.ToString());
        Assert.DoesNotContain(HeldKeyId, Keys);
    }

    [Fact]
    public void Start_sees_without_a_journal_that_somebody_changed_a_completed_destination()
    {
        ShellResult result = Account.Run("""
            $row = [pscustomobject]@{ ClientId = $id; OutFile = $file }
            $null = $row | Start-AuthressAccessKeyRotation -WithoutJournal -OverlapPeriod 0
            $null = $row | Complete-AuthressAccessKeyRotation -WithoutJournal
            Set-Content $file (New-AuthressAccessKey $id -AsPlainText).AccessKey
            $null = $row | Start-AuthressAccessKeyRotation -WithoutJournal -OlderThan 90
            $row | Complete-AuthressAccessKeyRotation -WithoutJournal
            """).Ok();
        Assert.Equal("Completed", result.Single.Properties["State"].Value.ToString());
        Assert.Contains(FileKeyId, Keys);
    }

    [Theory]
    [InlineData("Start-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal -Force")]
    [InlineData("Get-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal")]
    public void Takes_the_record_beside_a_destination_for_no_other_client(string script)
    {
        Account.Shell.Set("other", Account.Seed());
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -WithoutJournal").Ok();
        string record = File.ReadAllText(KeyFile + ".rotation");
        ErrorRecord error = Account.Run(script).Refused("RotationRecordForeign", ErrorCategory.InvalidOperation);
        Assert.Contains(ClientId, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllText(KeyFile + ".rotation"));
        Assert.Equal([HeldKeyId, FileKeyId], Keys);
    }

    [Fact]
    public void Works_from_destination_and_server_alone()
    {
        Account.Run($"$kept = Get-Content $file; $null = Start-AuthressAccessKeyRotation $id -SaveScript {{ $script:kept = $_.AccessKey }} -ReadScript {{ $script:kept }} -WithoutJournal").Ok();
        Assert.Equal(2, Keys.Length);

        // A second key is not made, and nothing is deleted that is not named.
        Assert.Equal(HeldKeyId, Account.Run("Start-AuthressAccessKeyRotation $id -SaveScript { throw } -ReadScript { $script:kept } -WithoutJournal").Ok().Get("ReplacedKeyId").Single());
        Assert.Equal(HeldKeyId, Account.Run("Get-AuthressAccessKeyRotation $id -ReadScript { $script:kept } -WithoutJournal").Ok().Get("ReplacedKeyId").Single());
        Account.Run("Complete-AuthressAccessKeyRotation $id -ReadScript { $script:kept } -WithoutJournal -Force").Refused("RotationRecordMissing", ErrorCategory.ObjectNotFound);
        Account.Run($"Complete-AuthressAccessKeyRotation $id -ReadScript {{ $script:kept }} -WithoutJournal -Force -KeyId {HeldKeyId}").Ok();
        Assert.Single(Keys);
    }

    [Theory]
    [InlineData("-OutFile $file -WithoutJournal", 0)]
    [InlineData("-SecretName held -WithoutJournal", 0)]
    [InlineData("-OutFile $file", 0)]
    [InlineData("-ReadScript { Get-Content $file } -WithoutJournal", 1)]
    public void Takes_another_deployments_key_for_the_replaced_one_only_where_no_record_can_exist(string destination, int count)
    {
        Account.Run("Import-Module $vaults; $null = New-AuthressAccessKey $id -OutFile $file -Force; Set-Secret held (Get-Content $file)").Ok();
        Assert.Equal(count, Account.Run($"Get-AuthressAccessKeyRotation $id {destination}").Ok().Output.Count);
    }

    [Theory]
    [InlineData("RotationDestinationMissing", "Start-AuthressAccessKeyRotation $id")]
    [InlineData("RotationDestinationUnclear", "Start-AuthressAccessKeyRotation $id -OutFile $file -SecretName billing")]
    [InlineData("RotationDestinationUnclear", "Start-AuthressAccessKeyRotation $id -OutFile $file -VaultName ops")]
    [InlineData("RotationDestinationUnclear", "Start-AuthressAccessKeyRotation $id -VaultName ops")]
    [InlineData("RotationDestinationUnclear", "Complete-AuthressAccessKeyRotation $id -VaultName ops")]
    [InlineData("RotationDestinationUnclear", "Get-AuthressAccessKeyRotation $id -VaultName ops")]
    [InlineData("RotationDestinationUnclear", "Start-AuthressAccessKeyRotation $id -SaveScript { }")]
    [InlineData("RotationDestinationUnclear", "Start-AuthressAccessKeyRotation $id -ReadScript { }")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile $file/none/x.key")]
    [InlineData("RotationDestinationFailed", "[pscustomobject]@{ ClientId = $id; OutFile = \"$file \" } | Start-AuthressAccessKeyRotation")]
    [InlineData("RotationDestinationFailed", "Import-Module $vaults; Start-AuthressAccessKeyRotation $id -SecretName ' billing'")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile Env:x")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -SecretName x -VaultName missing")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -SaveScript { } -ReadScript { throw 'sealed' }")]
    [InlineData("RotationForeignContent", "Set-Content $file other; Start-AuthressAccessKeyRotation $id -OutFile $file")]
    [InlineData("RotationOtherClient", "Set-Content $file $admin; Start-AuthressAccessKeyRotation $id -OutFile $file")]
    [InlineData("RotationKeyMissing", "Start-AuthressAccessKeyRotation $id -OutFile $file -KeyId abcdef")]
    [InlineData("RotationUnknown", "Complete-AuthressAccessKeyRotation $id")]
    [InlineData("RotationRecordMissing", "Complete-AuthressAccessKeyRotation $id -OutFile $file")]
    [InlineData("RotationClientMissing", "Get-AuthressAccessKeyRotation -WithoutJournal -OutFile $file")]
    [InlineData("NotFound", "Start-AuthressAccessKeyRotation sc_missing -OutFile $file-other")]
    [InlineData("WildcardInClientId", "Start-AuthressAccessKeyRotation sc_* -OutFile $file")]
    [InlineData("JournalUnusable", "Start-AuthressAccessKeyRotation $id -OutFile $file -JournalPath $file/journal")]
    [InlineData("JournalUnusable", "Get-AuthressAccessKeyRotation -JournalPath Env:x")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile $file/none/x.key -WithoutJournal")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile $folder/none/x.key -WithoutJournal")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile $folder")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -OutFile $folder -KeyId x")]
    [InlineData("RotationDestinationFailed", "Complete-AuthressAccessKeyRotation $id -OutFile $folder")]
    [InlineData("RotationDestinationFailed", "Start-AuthressAccessKeyRotation $id -SecretName 'x*'")]
    [InlineData("ParameterArgumentTransformationError", "[pscustomobject]@{ ClientId = $id; OutFile = $file; KeyId = 'a', 'b' } | Start-AuthressAccessKeyRotation")]
    public void Refuses_bad_input_and_changes_nothing(string id, string script)
    {
        Account.Shell.Set("admin", Account.Server.AccessKey);
        Account.Shell.Set("folder", Account.Folder);
        string[] before = Keys;

        // What -WhatIf promises, the run does.
        string[] scripts = script.Contains("Start-", StringComparison.Ordinal) ? [script + " -WhatIf", script] : [script];
        foreach (string one in scripts)
        {
            ShellResult result = Account.Run(one);
            Assert.Equal(id, result.ErrorId);
            Assert.DoesNotContain("What if", result.HostText, StringComparison.Ordinal);
        }

        Assert.Empty(Account.Changes);
        Assert.Equal(before, Keys);
        Assert.False(Directory.Exists(Path.Combine(Account.Folder, "none")));
    }

    [Theory]
    [InlineData("24:00:00")]
    [InlineData("48:30:00")]
    [InlineData("1000:00:00")]
    public void Takes_hours_for_no_days(string overlap)
    {
        ErrorRecord error = Account.Run($"Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod {overlap}").RefusedByBinding("ParameterArgumentTransformationError");
        Assert.Contains("1.00:00:00", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Account.Changes);
    }

    [Theory]
    [InlineData("23:59:59", 1439)]
    [InlineData("1.00:00:00", 1440)]
    [InlineData("24:00:00:00", 34560)]
    public void Reads_an_overlap(string overlap, int minutes)
    {
        PSObject started = Account.Run($"Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod {overlap}").Ok().Single;
        Assert.Equal(DateTimeOffset.UtcNow.AddMinutes(minutes), (DateTimeOffset)started.Properties["DueTime"].Value, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Refuses_a_destination_without_a_key_where_the_client_has_several()
    {
        Account.Server.IssueAccessKey(ClientId);
        ErrorRecord error = Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file-new").Refused("RotationAmbiguous", ErrorCategory.InvalidOperation);
        Assert.All(Keys, key => Assert.Contains(key, error.ToString(), StringComparison.Ordinal));
        Assert.Empty(Account.Changes);
    }

    [Fact]
    public void Refuses_a_client_that_has_no_room_for_a_key()
    {
        for (int i = 1; i < 5; i++)
            Account.Server.IssueAccessKey(ClientId);
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNoRoom", ErrorCategory.LimitsExceeded);
        Assert.Empty(Account.Changes);
    }

    [Fact]
    public void Does_not_retire_the_key_that_signs_for_the_connection()
    {
        File.WriteAllText(KeyFile, Account.Server.AccessKey);
        ShellResult refused = Account.Run("""
            $admin = (Get-AuthressConnection).ClientId
            $null = Start-AuthressAccessKeyRotation $admin -OutFile $file -OverlapPeriod 0
            Complete-AuthressAccessKeyRotation $admin -Force
            """);
        Assert.Equal("RotationOwnKey", refused.ErrorId);

        // With the new key it is somebody else's.
        Account.Run("$new = Connect-Authress -KeyFile $file -ApiUrl (Get-AuthressConnection).ApiUrl -PassThru; Complete-AuthressAccessKeyRotation $new.ClientId -Connection $new").Ok();
        Assert.Equal([FileKeyId], Account.Server.FindClient(Account.Server.AdminClientId)!.Keys.Select(key => key.KeyId));
    }

    [Fact]
    public void Starts_only_where_the_key_is_older()
    {
        Assert.Empty(Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -OlderThan 30").Ok().Output);
        Assert.Equal([HeldKeyId], Keys);
        Assert.Single(Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -OlderThan 0").Ok().Output);
    }

    [Fact]
    public void Needs_attention_after_three_failures()
    {
        Account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").ErrorId);
        Assert.Equal("PermissionDenied", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").ErrorId);
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNeedsAttention", ErrorCategory.InvalidOperation);
        Account.Server.ClearRequests();
        Account.Server.FaultSource = null;
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNeedsAttention", ErrorCategory.InvalidOperation);
        Assert.Empty(Account.Server.Requests);
        PSObject listed = Account.Run("Get-AuthressAccessKeyRotation -State NeedsAttention").Ok().Single;
        Assert.Equal(3, listed.Properties["FailedAttempts"].Value);
        Assert.Equal("Delivered", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok().Get("State").Single()?.ToString());
    }

    [Fact]
    public void Touches_no_file_under_WhatIf()
    {
        ShellResult result = Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf").Ok();
        Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal);
        Assert.Equal([KeyFile], Directory.GetFileSystemEntries(Account.Folder));
    }
}
