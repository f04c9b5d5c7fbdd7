using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>Rotations and the pipeline that they run in: what it feeds, asks, warns of, and how it ends.</summary>
public sealed class RotationPipelineTests : RotationSessionTests
{
    // Saves half a key, and can't be read any more.
    private const string Broken = "-SaveScript { $global:broken = $true; throw 'half' } -ReadScript { if ($global:broken) { throw 'unreadable' } }";

    [Fact]
    public void A_completion_is_not_promised_that_would_be_refused()
    {
        string old = File.ReadAllText(KeyFile);
        Account.Run("$null = Start-AuthressAccessKeyRotation $id -OutFile $file").Ok();
        File.WriteAllText(KeyFile, old);
        ShellResult result = Account.Run("Complete-AuthressAccessKeyRotation $id -Force -WhatIf");
        Assert.Equal("RotationContentChanged", result.ErrorId);
        Assert.Empty(result.HostText);
    }

    [Fact]
    public void A_confirmation_names_the_client_and_the_key_or_that_none_is_replaced()
    {
        string text = Account.Run("Get-AuthressServiceClient $id | Start-AuthressAccessKeyRotation -OutFile $file -WhatIf").Ok().HostText;
        Assert.Contains($"'billing' ({ClientId})", text, StringComparison.Ordinal);
        Assert.Contains($"'{HeldKeyId}'", text, StringComparison.Ordinal);
        Account.Shell.Set("other", Account.Seed());
        Assert.Contains("replaces no key", Account.Run("Start-AuthressAccessKeyRotation $other -OutFile $file-other -WhatIf").Ok().HostText, StringComparison.Ordinal);
        Account.Run("$null = Start-AuthressAccessKeyRotation $other -OutFile \"$file-other\"").Ok();
        Assert.Contains("none is deleted", Account.Run("Complete-AuthressAccessKeyRotation $other -Force -WhatIf").Ok().HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Begins_no_rotation_while_the_command_upstream_is_at_work()
    {
        Account.Shell.Set("other", Account.Seed());
        ShellResult result = Account.Run("& { $id; $global:began = Test-Path $journal; $other } | Start-AuthressAccessKeyRotation -OutFile { \"$file-$_\" } -ThrottleLimit 3; $began").Ok();
        Assert.Equal(["Delivered", "Delivered"], result.Output.SkipLast(1).Select(rotation => rotation.Properties["State"].Value.ToString()));
        Assert.Equal(false, result.Output[^1].BaseObject);
    }

    [Fact]
    public void Takes_one_client_twice_in_a_pipeline_for_one_rotation()
    {
        ShellResult result = Account.Run("$id, $id | Start-AuthressAccessKeyRotation -OutFile $file").Ok();
        Assert.Equal(2, result.Output.Count);
        Assert.Single(result.Get("NewKeyId").Distinct());
        Assert.Equal(2, Keys.Length);
    }

    [Fact]
    public async Task Undoes_what_a_stop_interrupts_before_delivery()
    {
        // The new key never works, so the rotation waits.
        Account.Server.FaultSource = (_, _) => null;
        using Engine engine = Engine.Create(Account.Shell.Runspace);
        TaskCompletionSource registered = new();
        Account.Server.FaultSource = (method, path) =>
        {
            if (Keys.Length == 2 && path.Contains("clients", StringComparison.Ordinal) && method == "GET")
                registered.TrySetResult();
            return Keys.Length == 2 && method == "GET" ? new StatusFault(503) : null;
        };
        IAsyncResult running = engine.AddScript("Start-AuthressAccessKeyRotation $id -OutFile $file").BeginInvoke();
        await registered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        engine.Stop();
        Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        Assert.Equal([HeldKeyId], Keys);
        Assert.Equal(HeldKeyId, FileKeyId);
        Account.Server.FaultSource = null;
        Assert.Equal("Interrupted", Account.Run("Get-AuthressAccessKeyRotation").Ok().Get("State").Single()?.ToString());
        Assert.Equal("Delivered", Account.Run("Start-AuthressAccessKeyRotation $id -OutFile $file").Ok().Get("State").Single()?.ToString());
    }

    [Fact]
    public void Ends_a_script_at_the_first_error_where_that_is_requested()
    {
        ShellResult result = Account.Run("$ErrorActionPreference = 'Stop'; 'sc_missing', $id | Start-AuthressAccessKeyRotation -OutFile { \"$file-$_\" }");
        Assert.True(result.Terminated);
        Assert.Empty(Account.Changes);
    }

    [Fact]
    public void An_error_that_ends_the_command_loses_no_new_key()
    {
        ShellResult result = Account.Run($"'sc_missing', $id | Start-AuthressAccessKeyRotation {Broken} -ThrottleLimit 3 -ErrorAction Stop");
        Assert.True(result.Terminated);
        Assert.Contains(result.Warnings, warning => warning.Contains("$Error", StringComparison.Ordinal));
        VerifyKept();
    }

    [Theory]
    [InlineData("RotationUndone", "Start-AuthressAccessKeyRotation $id")]
    [InlineData("SecretNotSaved", "New-AuthressAccessKey $id")]
    public void A_secret_that_a_script_throws_stays_in_no_error_of_the_session(string id, string command)
    {
        Assert.Equal(id, Account.Run($$"""
            $Error.Clear()
            {{command}} -ReadScript { } -SaveScript {
                $global:thrown = [System.Net.NetworkCredential]::new('', $_.AccessKey).Password
                throw $thrown
            }
            """).ErrorId);
        ShellResult kept = Account.Run("$thrown.Split('.').Length; $Error.Count; @($Error | Where-Object { \"$($_.TargetObject) $($_.Exception) $($_.ErrorDetails)\" -like \"*$($thrown.Split('.')[3])*\" }).Count");
        Assert.Equal([4, 1, 0], kept.Output.Select(number => number.BaseObject));
    }

    [Fact]
    public void An_error_that_is_ignored_loses_no_new_key()
    {
        Assert.Contains(Account.Run($"Start-AuthressAccessKeyRotation $id {Broken} -ErrorAction Ignore").Warnings, warning => warning.Contains("$Error", StringComparison.Ordinal));
        VerifyKept();
    }

    [Fact]
    public void An_undo_that_takes_too_long_ends_no_other_rotation()
    {
        // Nothing works, a deletion finds nothing, and the look at the client that should explain it takes too long.
        string other = Account.Seed();
        Account.Shell.Set("ids", new[] { ClientId, other });
        bool deleted = false;
        Account.Server.FaultSource = (method, path) =>
        {
            if (!path.Contains(ClientId, StringComparison.Ordinal))
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
        ShellResult result = Account.Run("$ids | Start-AuthressAccessKeyRotation -OutFile { if ($_ -eq $id) { $file } else { \"$file-2\" } } -ThrottleLimit 1 -WaitSec 0");
        Assert.Equal("RotationKeyNotWorking", result.ErrorId);
        Assert.Equal(other, result.Single.Properties["ClientId"].Value);
        Assert.Contains(result.Warnings, warning => warning.Contains(Keys[^1], StringComparison.Ordinal));
    }

    [Fact]
    public void A_warning_that_ends_the_command_loses_no_new_key()
    {
        // A fresh key is warned of.
        Account.Server.IssueAccessKey(ClientId);
        ShellResult result = Account.Run($"Start-AuthressAccessKeyRotation $id {Broken} -KeyId $held -WarningAction Stop");
        Assert.Contains(result.Errors, error => error.FullyQualifiedErrorId.StartsWith("RotationDeliveryUncertain", StringComparison.Ordinal));
        VerifyKept();
    }

    [Fact]
    public async Task A_stop_while_a_script_saves_loses_no_new_key()
    {
        using ManualResetEventSlim saving = new();
        Account.Shell.Set("saving", saving);
        using (Engine engine = Engine.Create(Account.Shell.Runspace))
        {
            IAsyncResult running = engine.AddScript("Start-AuthressAccessKeyRotation $id -SaveScript { $saving.Set(); Start-Sleep 60 } -ReadScript { }").BeginInvoke();
            Assert.True(await Task.Run(() => saving.Wait(TimeSpan.FromSeconds(30)), TestContext.Current.CancellationToken));
            engine.Stop();
            Assert.True(running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
        }

        string said = Account.Shell.TakeHostText();
        Assert.Contains("$Error", said, StringComparison.Ordinal);
        Assert.Contains(Keys[^1], said, StringComparison.Ordinal);
        VerifyKept();
    }

    private void VerifyKept()
    {
        PSObject tested = Account.Run("($Error | Where-Object FullyQualifiedErrorId -like 'RotationDeliveryUncertain*').TargetObject | ForEach-Object { Test-AuthressAccessKey -AccessKey $_.AccessKey }").Ok().Single;
        Assert.Equal(true, tested.Properties["Works"].Value);
        Assert.Equal(Keys[^1], tested.Properties["KeyId"].Value);
    }
}
