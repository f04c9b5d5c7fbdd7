using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>What the report knows of the destinations of keys: the known ones, and those of the journal.</summary>
public sealed class ReportDestinationTests : ReportSessionTests
{
    [Theory]
    [InlineData("'[prod]y.key'")]
    [InlineData("\"$folder/[prod]y.key\"")]
    [InlineData("'`[prod`]y.key'")]
    [InlineData("'*y.key'")]
    [InlineData("(Get-Item -LiteralPath '[prod]y.key')")]
    [InlineData("(Resolve-Path -LiteralPath '[prod]y.key')")]
    [InlineData("@{ OutFile = '[prod]y.key' }")]
    [InlineData("@{ OutFile = (Get-Item -LiteralPath '[prod]y.key') }")]
    [InlineData("'[prod]y.key', @([pscustomobject]@{ OutFile = '[prod]y.key' }, @{ OutFile = '[prod]y.key' })")]
    public void Reads_a_known_file_whose_name_has_brackets(string destination)
    {
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile '[prod]y.key'").Ok();
        Assert.Empty(Account.Run($"Get-AuthressAccessKeyReport -KnownDestination {destination}").Ok().Output);
    }

    [Theory]
    [InlineData("missing.key, missing.key")]
    [InlineData("*.key")]
    [InlineData("'[prod]y.key'")]
    [InlineData("'[prod'")]
    [InlineData("$folder")]
    [InlineData("(Get-Item $folder)")]
    [InlineData("Env:PATH")]
    [InlineData("@{ OutFile = 'missing.key' }")]
    [InlineData("([pscustomobject]@{ OutFile = ''; SecretName = '' })")]
    public void Is_incomplete_in_every_account_where_a_known_destination_can_not_be_read(string destination)
    {
        using EmulatorHandle other = new();
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id}").Ok();
        Account.Shell.Set("adminKey", Shell.Secret(other.Server.AccessKey));
        ShellResult result = Account.Run($"$one = Get-AuthressConnection; $two = Connect-Authress {other.Server.ApiUrl} $adminKey -PassThru; Get-AuthressAccessKeyReport -Connection $one, $two -KnownDestination {destination}").Ok();
        PSObject[] gaps = [.. result.Output.Where(finding => (string)finding.Properties["Rule"].Value == "NotRead")];
        Assert.Equal([Account.Server.AccountId, other.Server.AccountId], gaps.Select(gap => gap.Properties["AccountId"].Value));

        // The destination may hold the key.
        Assert.Null(Assert.Single(result.Output, finding => (string)finding.Properties["Rule"].Value == "KeyAtNoKnownDestination").Properties["Fix"].Value);
    }

    [Theory]
    [InlineData("locked/*.key")]
    [InlineData("*/*.key")]
    [InlineData("'*/[h]eld.key'")]
    [InlineData("*/held.key")]
    [InlineData("$folder/l*/h*, open/held.key")]
    public void Is_incomplete_where_a_folder_of_a_pattern_can_not_be_listed(string pattern)
    {
        string id = Account.Seed();
        Directory.CreateDirectory(Path.Combine(Account.Folder, "open"));
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile open/held.key; $null = New-AuthressAccessKey {id}").Ok();
        using LockedFolder locked = new(Account.Folder);
        ShellResult result = Account.Run($"Get-AuthressAccessKeyReport -KnownDestination {pattern}").Ok();
        Assert.Contains(Path.Combine(Account.Folder, "locked"), (string)Assert.Single(result.Output, finding => (string)finding.Properties["Rule"].Value == "NotRead").Properties["Message"].Value, StringComparison.Ordinal);
        PSObject[] unknown = [.. result.Output.Where(finding => (string)finding.Properties["Rule"].Value == "KeyAtNoKnownDestination")];
        Assert.NotEmpty(unknown);
        Assert.All(unknown, finding => Assert.Null(finding.Properties["Fix"].Value));
    }

    [Fact]
    public void Takes_no_file_for_a_folder_that_a_pattern_can_not_look_into()
    {
        string id = Account.Seed();
        Directory.CreateDirectory(Path.Combine(Account.Folder, "open"));
        File.WriteAllText(Path.Combine(Account.Folder, "README"), string.Empty);
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile open/held.key").Ok();
        Assert.DoesNotContain("NotRead", Account.Run("Get-AuthressAccessKeyReport -KnownDestination */*.key").Ok().Get("Rule"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Knows_a_key_by_its_private_half_where_the_destination_has_the_ids_of_another(bool isOlder, bool isForged)
    {
        string id = Account.Seed();
        string key = isOlder ? Account.Server.AddLegacyRsaKey(id) : Account.Server.IssueAccessKey(id);
        string[] parts = key.Split('.');
        if (isForged)
            key = string.Join('.', parts[0], parts[1], parts[2], Account.Server.AccessKey.Split('.')[3]);
        File.WriteAllText(Path.Combine(Account.Folder, "held.key"), key);
        Assert.Equal(isForged ? [parts[1]] : [], Account.Run("Get-AuthressAccessKeyReport -KnownDestination held.key | Where-Object Rule -eq KeyAtNoKnownDestination").Ok().Get("KeyId"));
    }

    [Theory]
    [InlineData("'{'")]
    [InlineData("'{\"version\":999}'")]
    [InlineData("('x' * 100KB)")]
    public void Deletes_no_key_where_an_entry_of_the_journal_can_not_be_read(string content)
    {
        File.WriteAllText(Path.Combine(Account.Folder, "admin.key"), Account.Server.AccessKey);
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id}; $null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OlderThan 1").Ok();
        const string report = "Get-AuthressAccessKeyReport -KnownDestination admin.key";
        Assert.Equal(["KeyAtNoKnownDestination"], Account.Run(report).Ok().Get("Rule"));
        Account.Run($"Get-Item journal/*.json | Set-Content -Value {content}").Ok();
        ShellResult result = Account.Run(report).Ok();
        Assert.Equal(["NotRead", "KeyAtNoKnownDestination", "KeyAtNoKnownDestination"], result.Get("Rule"));
        Assert.Equal([null, null, null], result.Get("Fix"));
    }

    [Theory]
    [InlineData("Clear-Content held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -Force", 1)]
    [InlineData("$null = Complete-AuthressAccessKeyRotation {id} -OutFile held.key -Force; $null = New-AuthressAccessKey {id} -OutFile held.key -Force; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OlderThan 1", 2)]
    public void Knows_each_key_that_the_journal_knows(string prepare, int staying)
    {
        File.WriteAllText(Path.Combine(Account.Folder, "admin.key"), Account.Server.AccessKey);
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key").Ok();
        Account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        Assert.Empty(Account.Run("Get-AuthressAccessKeyReport -KnownDestination admin.key | Where-Object Rule -eq KeyAtNoKnownDestination").Ok().Output);

        // A key that is on its way out is not too old.
        Assert.Equal(staying, Account.Run($"Get-AuthressAccessKeyReport -MaximumAge 0 | Where-Object {{ $_.Rule -eq 'KeyTooOld' -and $_.ClientId -eq '{id}' }}").Ok().Output.Count);
    }

    [Theory]
    [InlineData("-OverlapPeriod 0", true, true)]
    [InlineData("", true, true)]
    [InlineData("-OlderThan 1", true, false)]
    [InlineData("-OverlapPeriod 0", false, false)]
    public void Reports_an_open_rotation_whose_client_is_gone(string arguments, bool isDeleted, bool isFinding)
    {
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key {arguments}").Ok();
        if (isDeleted)
            Account.Run($"Remove-AuthressServiceClient {id}").Ok();
        string entry = Assert.Single(Directory.GetFiles(Path.Combine(Account.Folder, "journal"), "*.json"));
        const string report = "Get-AuthressAccessKeyReport -KnownDestination held.key | Where-Object Rule -eq RotationInterrupted";
        ShellResult result = Account.Run(report).Ok();
        Assert.Equal(isFinding, result.Output.Count == 1);
        if (!isFinding)
            return;
        Assert.Equal(id, result.Single.Properties["ClientId"].Value);
        Assert.Contains(entry, (string)result.Single.Properties["Message"].Value, StringComparison.Ordinal);
        File.Delete(entry);
        Assert.Empty(Account.Run(report).Ok().Output);
    }
}
