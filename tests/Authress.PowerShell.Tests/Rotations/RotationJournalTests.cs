using System.Management.Automation;
using System.Net.Sockets;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>The journal of rotations: who may use it, and what is read from it.</summary>
public sealed class RotationJournalTests : RotationSessionTests
{
    [Fact]
    public void Tells_a_damaged_journal_from_a_newer_one_and_lists_the_rest()
    {
        string other = Account.Seed();
        Account.Shell.Set("other", other);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file; $null = Start-AuthressAccessKeyRotation $other -OutFile \"$file-other\"").Ok();
        string entry = Directory.GetFiles(Journal, ClientId + "*.json").Single();
        string text = File.ReadAllText(entry);
        File.WriteAllText(entry, text.Remove(text.Length / 2));
        ShellResult list = Account.Run("Get-AuthressAccessKeyRotation");
        Assert.Equal("JournalDamaged", list.ErrorId);
        Assert.Equal(other, list.Single.Properties["ClientId"].Value);
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalDamaged", ErrorCategory.InvalidData);
        File.WriteAllText(entry, text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalNewer", ErrorCategory.InvalidData);
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void Waits_for_no_other_process_that_rotates_a_key_of_the_client()
    {
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        using (new FileStream(Directory.GetFiles(Journal, "*.lock").Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Refused("RotationLocked", ErrorCategory.ResourceBusy);
            Assert.Equal("Running", Account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        }

        Account.Run("Complete-AuthressAccessKeyRotation $id -Force").Ok();
    }

    [Fact]
    public void Takes_a_lock_that_can_not_be_opened_for_no_other_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows opens no socket by its path.");
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string file = Directory.GetFiles(Journal, "*.lock").Single();
        File.Delete(file);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(file));
        Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Refused("JournalUnusable", ErrorCategory.OpenError);
        Assert.Equal("JournalUnusable", Account.Run("Get-AuthressAccessKeyRotation").ErrorId);
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public void Lists_a_journal_that_may_only_be_read()
    {
        Assert.SkipWhen(!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess, "root may write to everything.");
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string file = Directory.GetFiles(Journal, "*.lock").Single();
        new FileInfo(file).IsReadOnly = true;
        Assert.Equal("Delivered", Account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        using (new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None))
            Assert.Equal("Running", Account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        new FileInfo(file).IsReadOnly = false;
    }

    [Theory]
    [InlineData("Get-AuthressAccessKeyRotation")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -OutFile $file -Force")]
    [InlineData("Get-AuthressAccessKeyReport -JournalPath $journal -FailOn Error")]
    public void Takes_no_journal_that_can_not_be_read_for_an_empty_one(string command)
    {
        Account.Shell.Set("journal", Journal);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod 0").Ok();
        string entry = Directory.GetFiles(Journal, "*.json").Single();
        File.Delete(entry);
        File.CreateSymbolicLink(entry, entry + "-gone");
        Assert.NotEmpty(Account.Run(command).Errors);
        Directory.Delete(Journal, recursive: true);
        File.WriteAllText(Journal, "taken");
        ShellResult result = Account.Run(command);
        Assert.Equal(command.Contains("Report", StringComparison.Ordinal) ? "ReportFailed" : "JournalUnusable", result.ErrorId);
        Assert.Contains(HeldKeyId, Keys);
    }

    [Theory]
    [InlineData("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf")]
    [InlineData("Start-AuthressAccessKeyRotation $id -OutFile $file -WhatIf -Force")]
    [InlineData("Complete-AuthressAccessKeyRotation $id -WhatIf -Force")]
    public void A_rehearsal_that_fails_leaves_the_journal_as_it_was(string script)
    {
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string entry = Entry;
        Account.Server.FaultSource = (method, _) => method == "GET" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", Account.Run(script).ErrorId);
        Assert.Equal(entry, Entry);
        Account.Server.FaultSource = null;
        string[] keys = Keys;
        Assert.Equal("Delivered", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Get("State").Single()?.ToString());
        Assert.Equal(keys, Keys);
    }

    [Fact]
    public void Marks_the_key_that_is_being_replaced_in_the_table_of_keys()
    {
        Account.Run("$PSDefaultParameterValues.Clear(); $null = Start-AuthressAccessKeyRotation $id -OutFile $file -Confirm:$false").Ok();
        string[] lines = Account.Shell.Show("Get-AuthressAccessKey $id").Split('\n');
        string until = DateTimeOffset.UtcNow.AddHours(24).ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(lines, line => line.Contains(HeldKeyId, StringComparison.Ordinal) && line.Contains(until, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(FileKeyId, StringComparison.Ordinal) && !line.Contains(until, StringComparison.Ordinal));

        // So is one that something else took the place of.
        string given = FileKeyId;
        File.WriteAllText(KeyFile, string.Empty);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file -Force -Confirm:$false").Ok();
        lines = Account.Shell.Show("Get-AuthressAccessKey $id").Split('\n');
        Assert.Contains(lines, line => line.Contains(given, StringComparison.Ordinal) && line.Contains(until, StringComparison.Ordinal));
    }

    [Fact]
    public void Marks_no_key_as_due_that_another_rotation_is_still_to_replace()
    {
        File.Copy(KeyFile, KeyFile + "-2");
        Account.Run("$PSDefaultParameterValues.Clear(); $null = Start-AuthressAccessKeyRotation $id -OutFile $file -OverlapPeriod 0 -Confirm:$false").Ok();
        Assert.Contains("due", Line(), StringComparison.Ordinal);
        Account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        Assert.Equal("PermissionDenied", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile \"$file-2\" -Confirm:$false").ErrorId);
        Account.Server.FaultSource = null;
        Assert.DoesNotContain("due", Line(), StringComparison.Ordinal);

        string Line() => Assert.Single(Account.Shell.Show("Get-AuthressAccessKey $id").Split('\n'), line => line.Contains(HeldKeyId, StringComparison.Ordinal));
    }

    [Fact]
    public void Writes_the_journal_for_its_owner_alone_and_without_a_secret()
    {
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        string entry = Directory.GetFiles(Journal, "*.json").Single();
        Assert.DoesNotContain(File.ReadAllText(KeyFile).Split('.')[3], File.ReadAllText(entry), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(entry));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Journal));
    }
}
