using System.Management.Automation;
using System.Net.Sockets;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>Start-, Complete- and Get-AuthressAccessKeyRotation in a session.</summary>
public sealed class RotationCommandTests : IAsyncLifetime
{
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
        _account.Shell.Set("vaults", StandIns.SecretManagement);
        _account.Run($"$PSDefaultParameterValues['*-AuthressAccessKeyRotation:JournalPath'] = '{Journal}'; $ConfirmPreference = 'None'").Ok();
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    private string Journal => Path.Combine(_account.Folder, "journal");

    private string[] Keys => [.. _account.Server.FindClient(_client)!.Keys.Select(key => key.KeyId)];

    private string FileKey => File.ReadAllText(_file).Split('.')[1];

    [Fact]
    public void Replaces_the_key_of_a_file_and_deletes_the_old_one_after_the_overlap()
    {
        PSObject started = _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Single;
        Assert.Equal("Delivered", started.Properties["State"].Value.ToString());
        Assert.Equal(_held, started.Properties["ReplacedKeyId"].Value);
        Assert.Equal(FileKey, started.Properties["NewKeyId"].Value);
        Assert.Equal([_held, FileKey], Keys);
        Assert.Equal(DateTimeOffset.UtcNow.AddHours(24), (DateTimeOffset)started.Properties["DueTime"].Value, TimeSpan.FromMinutes(1));

        // Neither is completed before its time, nor started again.
        ShellResult early = _account.Run("Complete-AuthressAccessKeyRotation $id; Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        Assert.Equal(["Delivered", "Delivered"], early.Get("State").Select(state => state?.ToString()));
        Assert.Single(early.Warnings);
        Assert.Equal([_held, FileKey], Keys);
        Assert.Equal("Completed", _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok().Get("State").Single()?.ToString());
        Assert.Equal([FileKey], Keys);
        Assert.True((bool)_account.Run("Test-AuthressAccessKey -KeyFile $file -Quiet").Ok().Single.BaseObject);
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient $id | Start-AuthressAccessKeyRotation -SecretName { $_.Name }")]
    [InlineData("Start-AuthressAccessKeyRotation $id -SecretName billing -VaultName ops")]
    [InlineData("[pscustomobject]@{ ClientId = $id; OutFile = ''; SecretName = 'billing' } | Start-AuthressAccessKeyRotation")]
    [InlineData("[pscustomobject]@{ ClientId = $id; SecretName = 'billing'; VaultName = $null } | Start-AuthressAccessKeyRotation -ThrottleLimit 1")]
    public void Replaces_the_secret_of_a_vault(string script)
    {
        string key = _account.Server.IssueAccessKey(_client);
        _account.Shell.Set("key", key);
        _account.Run("Import-Module $vaults; Set-Secret billing $key").Ok();
        PSObject started = _account.Run(script).Ok().Single;
        Assert.Equal(key.Split('.')[1], started.Properties["ReplacedKeyId"].Value);
        Assert.Equal("ops", started.Properties["VaultName"].Value);
        Assert.Equal("Completed", _account.Run("Get-AuthressAccessKeyRotation | Complete-AuthressAccessKeyRotation -Force").Ok().Get("State").Single()?.ToString());
        Assert.Equal([_held, (string)started.Properties["NewKeyId"].Value], Keys);
        Assert.Equal(started.Properties["NewKeyId"].Value, _account.Run("(Get-SecretInfo billing).Metadata['keyId']").Ok().Single.BaseObject);
    }

    [Fact]
    public void Replaces_what_two_scripts_keep_for_each_client()
    {
        string other = _account.Seed();
        _account.Shell.Set("ids", new[] { _client, other });
        ShellResult result = _account.Run("""
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
        _account.Run("Start-AuthressAccessKeyRotation $id -SaveScript { $script:kept = $_.AccessKey } -ReadScript { $script:kept }").Ok();
        _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationScriptNeeded", ErrorCategory.InvalidOperation);
    }

    [Theory]
    [InlineData("-OutFile $file", ".rotation")]
    [InlineData("-SecretName billing", null)]
    public void Keeps_the_record_beside_the_destination_where_there_is_no_journal(string destination, string? suffix)
    {
        _account.Run($"Import-Module $vaults; $null = Start-AuthressAccessKeyRotation $id {destination} -WithoutJournal -KeyId {_held}").Ok();
        Assert.False(Directory.Exists(Journal));
        if (suffix is not null)
            Assert.DoesNotContain(File.ReadAllText(_file), File.ReadAllText(_file + suffix), StringComparison.Ordinal);
        Assert.Equal("Delivered", _account.Run($"Get-AuthressAccessKeyRotation $id {destination} -WithoutJournal").Ok().Get("State").Single()?.ToString());
        Assert.Equal(2, Keys.Length);
        Assert.Equal("Completed", _account.Run($"Complete-AuthressAccessKeyRotation $id {destination} -WithoutJournal -Force").Ok().Get("State").Single()?.ToString());
        Assert.DoesNotContain(_held, Keys);
    }

    [Theory]
    [InlineData("Start-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal -Force")]
    [InlineData("Get-AuthressAccessKeyRotation $other -OutFile $file -WithoutJournal")]
    public void Takes_the_record_beside_a_destination_for_no_other_client(string script)
    {
        _account.Shell.Set("other", _account.Seed());
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -WithoutJournal").Ok();
        string record = File.ReadAllText(_file + ".rotation");
        ErrorRecord error = _account.Run(script).Refused("RotationRecordForeign", ErrorCategory.InvalidOperation);
        Assert.Contains(_client, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllText(_file + ".rotation"));
        Assert.Equal([_held, FileKey], Keys);
    }

    [Fact]
    public void Works_from_destination_and_server_alone()
    {
        _account.Run($"$kept = Get-Content $file; $null = Start-AuthressAccessKeyRotation $id -SaveScript {{ $script:kept = $_.AccessKey }} -ReadScript {{ $script:kept }} -WithoutJournal").Ok();
        Assert.Equal(2, Keys.Length);

        // A second key is not made, and nothing is deleted that is not named.
        Assert.Equal(_held, _account.Run("Start-AuthressAccessKeyRotation $id -SaveScript { throw } -ReadScript { $script:kept } -WithoutJournal").Ok().Get("ReplacedKeyId").Single());
        Assert.Equal(_held, _account.Run("Get-AuthressAccessKeyRotation $id -ReadScript { $script:kept } -WithoutJournal").Ok().Get("ReplacedKeyId").Single());
        _account.Run("Complete-AuthressAccessKeyRotation $id -ReadScript { $script:kept } -WithoutJournal -Force").Refused("RotationRecordMissing", ErrorCategory.ObjectNotFound);
        _account.Run($"Complete-AuthressAccessKeyRotation $id -ReadScript {{ $script:kept }} -WithoutJournal -Force -KeyId {_held}").Ok();
        Assert.Single(Keys);
    }

    [Theory]
    [InlineData("-OutFile $file -WithoutJournal", 0)]
    [InlineData("-SecretName held -WithoutJournal", 0)]
    [InlineData("-OutFile $file", 0)]
    [InlineData("-ReadScript { Get-Content $file } -WithoutJournal", 1)]
    public void Takes_another_deployments_key_for_the_replaced_one_only_where_no_record_can_exist(string destination, int count)
    {
        _account.Run("Import-Module $vaults; $null = New-AuthressAccessKey $id -OutFile $file -Force; Set-Secret held (Get-Content $file)").Ok();
        Assert.Equal(count, _account.Run($"Get-AuthressAccessKeyRotation $id {destination}").Ok().Output.Count);
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
        _account.Shell.Set("admin", _account.Server.AccessKey);
        _account.Shell.Set("folder", _account.Folder);
        string[] before = Keys;

        // What -WhatIf promises, the run does.
        string[] scripts = script.Contains("Start-", StringComparison.Ordinal) ? [script + " -WhatIf", script] : [script];
        foreach (string one in scripts)
        {
            ShellResult result = _account.Run(one);
            Assert.Equal(id, result.ErrorId);
            Assert.DoesNotContain("What if", result.HostText, StringComparison.Ordinal);
        }

        Assert.Empty(_account.Changes);
        Assert.Equal(before, Keys);
        Assert.False(Directory.Exists(Path.Combine(_account.Folder, "none")));
    }

    [Theory]
    [InlineData("24:00:00")]
    [InlineData("48:30:00")]
    [InlineData("1000:00:00")]
    public void Takes_hours_for_no_days(string overlap)
    {
        ErrorRecord error = _account.Run($"Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod {overlap}").RefusedByBinding("ParameterArgumentTransformationError");
        Assert.Contains("1.00:00:00", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_account.Changes);
    }

    [Theory]
    [InlineData("23:59:59", 1439)]
    [InlineData("1.00:00:00", 1440)]
    [InlineData("24:00:00:00", 34560)]
    public void Reads_an_overlap(string overlap, int minutes)
    {
        PSObject started = _account.Run($"Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod {overlap}").Ok().Single;
        Assert.Equal(DateTimeOffset.UtcNow.AddMinutes(minutes), (DateTimeOffset)started.Properties["DueTime"].Value, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Refuses_a_destination_without_a_key_where_the_client_has_several()
    {
        _account.Server.IssueAccessKey(_client);
        ErrorRecord error = _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file-new").Refused("RotationAmbiguous", ErrorCategory.InvalidOperation);
        Assert.All(Keys, key => Assert.Contains(key, error.ToString(), StringComparison.Ordinal));
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Refuses_a_client_that_has_no_room_for_a_key()
    {
        for (int i = 1; i < 5; i++)
            _account.Server.IssueAccessKey(_client);
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNoRoom", ErrorCategory.LimitsExceeded);
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Does_not_retire_the_key_that_signs_for_the_connection()
    {
        File.WriteAllText(_file, _account.Server.AccessKey);
        ShellResult refused = _account.Run("""
            $admin = (Get-AuthressConnection).ClientId
            $null = Start-AuthressAccessKeyRotation $admin -OutFile $file -OverlapPeriod 0
            Complete-AuthressAccessKeyRotation $admin -Force
            """);
        Assert.Equal("RotationOwnKey", refused.ErrorId);

        // With the new key it is somebody else's.
        _account.Run("$new = Connect-Authress -KeyFile $file -ApiUrl (Get-AuthressConnection).ApiUrl -PassThru; Complete-AuthressAccessKeyRotation $new.ClientId -Connection $new").Ok();
        Assert.Equal([FileKey], _account.Server.FindClient(_account.Server.AdminClientId)!.Keys.Select(key => key.KeyId));
    }

    [Fact]
    public void Tells_a_damaged_journal_from_a_newer_one_and_lists_the_rest()
    {
        string other = _account.Seed();
        _account.Shell.Set("other", other);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file; $null = Start-AuthressAccessKeyRotation $other -OutFile \"$file-other\"").Ok();
        string entry = Directory.GetFiles(Journal, _client + "*.json").Single();
        string text = File.ReadAllText(entry);
        File.WriteAllText(entry, text.Remove(text.Length / 2));
        ShellResult list = _account.Run("Get-AuthressAccessKeyRotation");
        Assert.Equal("JournalDamaged", list.ErrorId);
        Assert.Equal(other, list.Single.Properties["ClientId"].Value);
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalDamaged", ErrorCategory.InvalidData);
        File.WriteAllText(entry, text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalNewer", ErrorCategory.InvalidData);
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void Waits_for_no_other_process_that_rotates_a_key_of_the_client()
    {
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        using (new FileStream(Directory.GetFiles(Journal, "*.lock").Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationLocked", ErrorCategory.ResourceBusy);
            Assert.Equal("Running", _account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        }

        _account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok();
    }

    [Fact]
    public void Takes_a_lock_that_can_not_be_opened_for_no_other_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows opens no socket by its path.");
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string file = Directory.GetFiles(Journal, "*.lock").Single();
        File.Delete(file);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(file));
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalUnusable", ErrorCategory.OpenError);
        Assert.Equal("JournalUnusable", _account.Run("Get-AuthressAccessKeyRotation").ErrorId);
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void Lists_a_journal_that_may_only_be_read()
    {
        Assert.SkipWhen(!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess, "root may write to everything.");
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string file = Directory.GetFiles(Journal, "*.lock").Single();
        new FileInfo(file).IsReadOnly = true;
        Assert.Equal("Delivered", _account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        using (new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None))
            Assert.Equal("Running", _account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        new FileInfo(file).IsReadOnly = false;
    }

    [Theory]
    [InlineData("Get-AuthressAccessKeyRotation")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force")]
    [InlineData("Get-AuthressAccessKeyReport -JournalPath $journal -FailOn Error")]
    public void Takes_no_journal_that_can_not_be_read_for_an_empty_one(string command)
    {
        _account.Shell.Set("journal", Journal);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod 0").Ok();
        string entry = Directory.GetFiles(Journal, "*.json").Single();
        File.Delete(entry);
        File.CreateSymbolicLink(entry, entry + "-gone");
        Assert.NotEmpty(_account.Run(command).Errors);
        Directory.Delete(Journal, recursive: true);
        File.WriteAllText(Journal, "taken");
        ShellResult result = _account.Run(command);
        Assert.Equal(command.Contains("Report", StringComparison.Ordinal) ? "ReportFailed" : "JournalUnusable", result.ErrorId);
        Assert.Contains(_held, Keys);
    }

    [Fact]
    public void Takes_one_client_twice_in_a_pipeline_for_one_rotation()
    {
        ShellResult result = _account.Run("$id, $id | Start-AuthressAccessKeyRotation -OutFile $file").Ok();
        Assert.Equal(2, result.Output.Count);
        Assert.Single(result.Get("NewKeyId").Distinct());
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void Starts_only_where_the_key_is_older()
    {
        Assert.Empty(_account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -OlderThan 30").Ok().Output);
        Assert.Equal([_held], Keys);
        Assert.Single(_account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -OlderThan 0").Ok().Output);
    }

    [Fact]
    public async Task Undoes_what_a_stop_interrupts_before_delivery()
    {
        // The new key never works, so the rotation waits.
        _account.Server.FaultSource = (_, _) => null;
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        TaskCompletionSource registered = new();
        _account.Server.FaultSource = (method, path) =>
        {
            if (Keys.Length == 2 && path.Contains("clients", StringComparison.Ordinal) && method == "GET")
                registered.TrySetResult();
            return Keys.Length == 2 && method == "GET" ? new StatusFault(503) : null;
        };
        IAsyncResult running = engine.AddScript("Start-AuthressAccessKeyRotation $id -OutFile $file").BeginInvoke();
        await registered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        engine.Stop();
        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.Equal([_held], Keys);
        Assert.Equal(_held, FileKey);
        _account.Server.FaultSource = null;
        Assert.Equal("Interrupted", _account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        Assert.Equal("Delivered", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Get("State").Single()?.ToString());
    }

    [Fact]
    public void Needs_attention_after_three_failures()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").ErrorId);
        Assert.Equal("PermissionDenied", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").ErrorId);
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNeedsAttention", ErrorCategory.InvalidOperation);
        _account.Server.ClearRequests();
        _account.Server.FaultSource = null;
        _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("RotationNeedsAttention", ErrorCategory.InvalidOperation);
        Assert.Empty(_account.Server.Requests);
        PSObject listed = _account.Run("Get-AuthressAccessKeyRotation -State NeedsAttention").Ok().Single;
        Assert.Equal(3, listed.Properties["FailedAttempts"].Value);
        Assert.Equal("Delivered", _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -Force").Ok().Get("State").Single()?.ToString());
    }

    [Fact]
    public void Ends_a_script_at_the_first_error_where_that_is_requested()
    {
        ShellResult result = _account.Run("$ErrorActionPreference = 'Stop'; 'sc_missing', $id | Start-AuthressAccessKeyRotation -OutFile { \"$file-$_\" }");
        Assert.True(result.Terminated);
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Touches_no_file_under_WhatIf()
    {
        ShellResult result = _account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf").Ok();
        Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal);
        Assert.Equal([_file], Directory.GetFileSystemEntries(_account.Folder));
    }

    [Fact]
    public void Marks_the_key_that_is_being_replaced_in_the_table_of_keys()
    {
        _account.Run("$PSDefaultParameterValues.Clear(); $null = Start-AuthressAccessKeyRotation $id -OutFile $file -Confirm:$false").Ok();
        string[] lines = _account.Shell.Show("Get-AuthressAccessKey $id").Split('\n');
        string until = DateTimeOffset.UtcNow.AddHours(24).ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(lines, line => line.Contains(_held, StringComparison.Ordinal) && line.Contains(until, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(FileKey, StringComparison.Ordinal) && !line.Contains(until, StringComparison.Ordinal));

        // So is one that something else took the place of.
        string given = FileKey;
        File.WriteAllText(_file, string.Empty);
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -Force -Confirm:$false").Ok();
        lines = _account.Shell.Show("Get-AuthressAccessKey $id").Split('\n');
        Assert.Contains(lines, line => line.Contains(given, StringComparison.Ordinal) && line.Contains(until, StringComparison.Ordinal));
    }

    [Fact]
    public void Writes_the_journal_for_its_owner_alone_and_without_a_secret()
    {
        _account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string entry = Directory.GetFiles(Journal, "*.json").Single();
        Assert.DoesNotContain(File.ReadAllText(_file).Split('.')[3], File.ReadAllText(entry), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(entry));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Journal));
    }
}
