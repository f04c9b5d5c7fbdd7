using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>Get-AuthressAccessKeyReport: its rules, its exceptions, its files, and the commands that correct what it finds.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _account.Shell.Set("folder", _account.Folder);
        _account.Shell.Set("vaults", StandIns.SecretManagement);
        _account.Run("Set-Location $folder; $ConfirmPreference = 'None'; $PSDefaultParameterValues['*:JournalPath'] = Join-Path $folder journal").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    /// <summary>An account with one finding, what finds it, and the finding. <c>{id}</c> is the client.</summary>
    public static TheoryData<string, string, string, string> Findings => new()
    {
        { "KeyTooOld", "{}", "$null = New-AuthressAccessKey {id}", "-MaximumAge 0" },
        { "KeyTooOld", "{}", "1..2 | ForEach-Object { $null = New-AuthressAccessKey {id} }", "-MaximumAge 0" },
        { "KeyTooOld", "{}", "$null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OverlapPeriod 0", "-MaximumAge 0" },
        { "ClientWithoutKey", "{}", string.Empty, string.Empty },
        { "ClientWithFiveKeys", "{}", "1..5 | ForEach-Object { $null = New-AuthressAccessKey {id} }", string.Empty },
        { "KeyOnTwoClients", "{}", "$key = New-AuthressAccessKey {id}; $two = New-AuthressServiceClient two; $null = New-AuthressAccessKey $two -PublicKey (Get-AuthressAccessKey {id}).PublicKey", string.Empty },
        { "MayCreateTokens", """{"name":"it's ‘quoted’","options":{"grantTokenGeneration":true}}""", "$null = New-AuthressAccessKey {id}", string.Empty },
        { "ActsForUsersWithoutLimit", """{"options":{"grantUserPermissionsAccess":true}}""", "$null = New-AuthressAccessKey {id}", string.Empty },
        { "TagMissing", """{"tags":{"it's":"‘a’; b=c"}}""", "$null = New-AuthressAccessKey {id}", "-RequiredTag owner, \"it's\"" },
        { "RotationInterrupted", "{}", "'x' | Out-Null; $null = New-AuthressAccessKey {id} -OutFile held.key; Start-AuthressAccessKeyRotation {id} -OutFile held.key -ErrorAction SilentlyContinue", "POST" },
        { "RotationDue", "{}", "$null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OverlapPeriod 0", string.Empty },
        { "RotationDue", "{}", "Import-Module $vaults; $null = New-AuthressAccessKey {id} -SecretName held; $null = Start-AuthressAccessKeyRotation {id} -SecretName held -OverlapPeriod 0", string.Empty },
        { "RotationNeedsAttention", "{}", "$null = New-AuthressAccessKey {id} -OutFile held.key; 1..3 | ForEach-Object { Start-AuthressAccessKeyRotation {id} -OutFile held.key -ErrorAction SilentlyContinue }", "POST" },
        { "KeyAtNoKnownDestination", "{}", "$null = New-AuthressAccessKey {id} -OutFile held.key; $null = New-AuthressAccessKey {id}", "-KnownDestination held.key, admin.key" },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void Finds_what_is_wrong_and_the_command_ends_the_finding(string rule, string client, string prepare, string more)
    {
        File.WriteAllText(Path.Combine(_account.Folder, "admin.key"), _account.Server.AccessKey);
        string id = _account.Seed(client);
        _account.Shell.Set("id", id);
        if (more == "POST")
        {
            string[] lines = prepare.Split("; ");
            _account.Run(string.Join("; ", lines.Take(lines.Length - 1)).Replace("{id}", id, StringComparison.Ordinal)).Ok();
            _account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
            _account.Run(lines[^1].Replace("{id}", id, StringComparison.Ordinal));
            _account.Server.FaultSource = null;
            more = string.Empty;
        }
        else
        {
            _account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        }

        string report = $"Get-AuthressAccessKeyReport {more} | Where-Object {{ $_.Rule -eq '{rule}' -and $_.ClientId -ne '{_account.Server.AdminClientId}' }}";
        PSObject[] found = [.. _account.Run(report).Ok().Output];
        Assert.NotEmpty(found);
        Assert.Contains(found, finding => (string)finding.Properties["ClientId"].Value == id || rule == "KeyOnTwoClients");
        foreach (PSObject finding in found)
            _account.Run((string)finding.Properties["Fix"].Value).Ok();

        // The tags that were there stay.
        if (rule == "TagMissing")
            Assert.Equal("‘a’; b=c", _account.Server.FindClient(id)!.Tags["it's"]);

        // A new key is as old as -MaximumAge 0, too.
        Assert.DoesNotContain(_account.Run(report).Ok().Output, finding => rule != "KeyTooOld" || found.Any(before => before.Properties["KeyId"].Value.Equals(finding.Properties["KeyId"].Value)));
    }

    /// <summary>Tags of a client that anybody may have made, and the tags that are required.</summary>
    public static TheoryData<string, string> HostileTags => new()
    {
        { """{"'‘’‚‛\"“”„`$(throw)$x#":"'‘’‚‛\"“”„`$(throw)$x#; b=c"}""", "owner" },
        { """{"\u001b[31m\r\n\u009b":"a\u001b]0;x\u0007\n\"$(throw)`\u0000“"}""", "owner" },
        { """{" two  spaces ":"  two  \u00a0\u3000 ","\t":"\u202egpj\u2066"}""", "owner" },
        { """{"Team":"a;b=c\\ ","TEAM":"  two  \u001b "}""", "team" },
        { """{"Team":"a"}""", "team" },
        { """{"ﬀ":"a","ff":"b","a\u200d":"c","a":""}""", "owner" },
        { "{}", "owner, owner" },
        { "{}", "own, Own" },
        { "{}", "\"it's `“$([char]27)`$x\"" },
    };

    [Theory]
    [MemberData(nameof(HostileTags))]
    public void Writes_commands_that_do_the_same_wherever_they_are_pasted_from(string tags, string required)
    {
        const string name = "'‘’‚‛\"“”„`$(throw)\u001b[31m\r\n  two  spaces";
        JsonNode client = new JsonObject { ["name"] = name, ["tags"] = JsonNode.Parse(tags), ["options"] = new JsonObject { ["grantTokenGeneration"] = true, ["grantUserPermissionsAccess"] = true } };
        string id = _account.Seed(client.ToJsonString());
        File.WriteAllText(Path.Combine(_account.Folder, "it's [a]  file.json"), new JsonArray(new JsonObject { ["rule"] = "KeyTooOld", ["clientId"] = name, ["reason"] = "r", ["until"] = "2020-01-01" }).ToJsonString());
        _account.Run($"1..2 | ForEach-Object {{ $null = New-AuthressAccessKey {id} }}").Ok();
        Dictionary<string, string> expected = new(_account.Server.FindClient(id)!.Tags, StringComparer.Ordinal);
        foreach (PSObject tag in _account.Run(required.Contains('"', StringComparison.Ordinal) ? required : $"'{required.Replace(", ", "', '", StringComparison.Ordinal)}'").Ok().Output)
            expected[(string)tag.BaseObject] = "FILL-IN";

        PSObject[] found = [.. _account.Run($"Get-AuthressAccessKeyReport -MaximumAge 0 -KnownDestination missing.key -RequiredTag {required} -ExceptionFile \"it's [a]  file.json\" -OutFile report.html, report.sarif, report.csv").Ok().Output];
        string[] commands = [.. found.Select(finding => (string?)finding.Properties["Fix"].Value).OfType<string>()];
        Assert.Equal(commands, _account.Run("Import-Csv report.csv").Ok().Get("Fix").OfType<string>().Where(fix => fix.Length > 0));
        Assert.All(found.Zip(Sarif()["results"]!.AsArray()), pair => Assert.EndsWith(pair.First.Properties["Fix"].Value as string ?? string.Empty, pair.Second!["message"]!["text"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal(commands.Order(StringComparer.Ordinal), PageCommands().Order(StringComparer.Ordinal));

        string[] own = [.. found.Where(finding => finding.Properties["ClientId"].Value is null || finding.Properties["ClientId"].Value.Equals(id)).Select(finding => (string?)finding.Properties["Fix"].Value).OfType<string>()];
        Assert.Equal(6, own.Length);
        foreach (string command in own)
        {
            Assert.DoesNotContain(command, c => char.IsControl(c) || (char.IsWhiteSpace(c) && c != ' ') || c is '\u202e' or '\u2066');
            Parser.ParseInput(command, out _, out ParseError[] errors);
            Assert.Empty(errors);
            _account.Run(command).Ok();
        }

        Assert.Equal(expected.OrderBy(tag => tag.Key, StringComparer.Ordinal), _account.Server.FindClient(id)!.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal(name, _account.Server.FindClient(id)!.Name);
        Assert.Empty(JsonNode.Parse(File.ReadAllText(Path.Combine(_account.Folder, "it's [a]  file.json")))!.AsArray());
    }

    [Theory]
    [InlineData("""{"":"a"}""")]
    [InlineData("""{"a":"https://bob:word@example.com"}""")]
    public void Has_no_command_that_would_lose_a_tag(string tags)
    {
        string id = _account.Seed($$"""{"tags":{{tags}}}""");
        Assert.Null(_account.Run("Get-AuthressAccessKeyReport -RequiredTag owner | Where-Object { $_.Rule -eq 'TagMissing' -and $_.ClientId -eq '" + id + "' }").Ok().Single.Properties["Fix"].Value);
    }

    [Fact]
    public void Finds_a_key_in_two_accounts()
    {
        using EmulatorHandle other = new();
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id}; $key = (Get-AuthressAccessKey {id}).PublicKey").Ok();
        string there = other.Server.SeedClient();
        _account.Shell.Set("adminKey", Shell.Secret(other.Server.AccessKey));
        ShellResult result = _account.Run($"""
            $one = Get-AuthressConnection
            $two = Connect-Authress {other.Server.ApiUrl} $adminKey -PassThru
            $null = New-AuthressAccessKey {there} -PublicKey $key -Connection $two
            Get-AuthressAccessKeyReport -Connection $one, $two
            """).Ok();
        PSObject twice = Assert.Single(result.Output, finding => (string)finding.Properties["Rule"].Value == "KeyOnTwoClients");
        Assert.Equal(there, twice.Properties["ClientId"].Value);
        Assert.Equal(other.Server.AccountId, twice.Properties["AccountId"].Value);
    }

    [Theory]
    [InlineData(PublicKeyForm.Raw)]
    [InlineData(PublicKeyForm.Hex)]
    [InlineData(PublicKeyForm.Omitted)]
    public void Finds_a_shared_key_whatever_form_Authress_shows_it_in(PublicKeyForm form)
    {
        string id = _account.Seed();
        string other = _account.Seed();
        _account.Run($"$key = (New-AuthressAccessKey {id}).PublicKey; $null = New-AuthressAccessKey {other} -PublicKey $key").Ok();
        _account.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        Assert.Contains("KeyOnTwoClients", _account.Run("Get-AuthressAccessKeyReport").Ok().Get("Rule"));
    }

    [Fact]
    public void Reads_an_account_once_however_many_connections_lead_to_it()
    {
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id}").Ok();
        _account.Server.ClearRequests();
        _account.Shell.Set("adminKey", Shell.Secret(_account.Server.AccessKey));
        ShellResult result = _account.Run($"$one = Get-AuthressConnection; $two = Connect-Authress {_account.Server.ApiUrl} $adminKey -PassThru; Get-AuthressAccessKeyReport -Connection $one, $two -MaximumAge 0 -OutFile report.sarif").Ok();
        Assert.Equal(result.Get("KeyId").Distinct(), result.Get("KeyId"));
        Assert.DoesNotContain("KeyOnTwoClients", result.Get("Rule"));
        Assert.Single(_account.Server.Requests);
    }

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
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile '[prod]y.key'").Ok();
        Assert.Empty(_account.Run($"Get-AuthressAccessKeyReport -KnownDestination {destination}").Ok().Output);
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
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id}").Ok();
        _account.Shell.Set("adminKey", Shell.Secret(other.Server.AccessKey));
        ShellResult result = _account.Run($"$one = Get-AuthressConnection; $two = Connect-Authress {other.Server.ApiUrl} $adminKey -PassThru; Get-AuthressAccessKeyReport -Connection $one, $two -KnownDestination {destination}").Ok();
        PSObject[] gaps = [.. result.Output.Where(finding => (string)finding.Properties["Rule"].Value == "NotRead")];
        Assert.Equal([_account.Server.AccountId, other.Server.AccountId], gaps.Select(gap => gap.Properties["AccountId"].Value));

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
        string id = _account.Seed();
        Directory.CreateDirectory(Path.Combine(_account.Folder, "open"));
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile open/held.key; $null = New-AuthressAccessKey {id}").Ok();
        using LockedFolder locked = new(_account.Folder);
        ShellResult result = _account.Run($"Get-AuthressAccessKeyReport -KnownDestination {pattern}").Ok();
        Assert.Contains(Path.Combine(_account.Folder, "locked"), (string)Assert.Single(result.Output, finding => (string)finding.Properties["Rule"].Value == "NotRead").Properties["Message"].Value, StringComparison.Ordinal);
        PSObject[] unknown = [.. result.Output.Where(finding => (string)finding.Properties["Rule"].Value == "KeyAtNoKnownDestination")];
        Assert.NotEmpty(unknown);
        Assert.All(unknown, finding => Assert.Null(finding.Properties["Fix"].Value));
    }

    [Fact]
    public void Takes_no_file_for_a_folder_that_a_pattern_can_not_look_into()
    {
        string id = _account.Seed();
        Directory.CreateDirectory(Path.Combine(_account.Folder, "open"));
        File.WriteAllText(Path.Combine(_account.Folder, "README"), string.Empty);
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile open/held.key").Ok();
        Assert.DoesNotContain("NotRead", _account.Run("Get-AuthressAccessKeyReport -KnownDestination */*.key").Ok().Get("Rule"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Knows_a_key_by_its_private_half_where_the_destination_has_the_ids_of_another(bool isOlder, bool isForged)
    {
        string id = _account.Seed();
        string key = isOlder ? _account.Server.AddLegacyRsaKey(id) : _account.Server.IssueAccessKey(id);
        string[] parts = key.Split('.');
        if (isForged)
            key = string.Join('.', parts[0], parts[1], parts[2], _account.Server.AccessKey.Split('.')[3]);
        File.WriteAllText(Path.Combine(_account.Folder, "held.key"), key);
        Assert.Equal(isForged ? [parts[1]] : [], _account.Run("Get-AuthressAccessKeyReport -KnownDestination held.key | Where-Object Rule -eq KeyAtNoKnownDestination").Ok().Get("KeyId"));
    }

    /// <summary>Five keys, whose ids are in <c>$keys</c>, oldest first; what holds some of them; and the one that the command deletes.</summary>
    public static TheoryData<string, string, int?> Held => new()
    {
        { string.Empty, string.Empty, 0 },
        { string.Empty, "-KnownDestination 0.key, 1.key", 2 },
        { "Copy-Item 3.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", "-KnownDestination 0.key", 1 },
        { "Copy-Item 0.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", "-KnownDestination 1.key", 2 },
        { "Copy-Item 0.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", string.Empty, 1 },
        { string.Empty, "-KnownDestination 0.key, 1.key, 2.key, 3.key, 4.key", null },
        { string.Empty, "-KnownDestination 0.key, missing.key", null },
        { "$null = New-Item journal/x.json -Value '{' -Force", string.Empty, null },
    };

    [Theory]
    [MemberData(nameof(Held))]
    public void Deletes_the_oldest_of_five_keys_that_nothing_is_known_to_hold(string prepare, string more, int? deleted)
    {
        string id = _account.Seed();
        _account.Run($"$keys = 0..4 | ForEach-Object {{ (New-AuthressAccessKey {id} -OutFile \"$_.key\").KeyId }}").Ok();
        _account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        PSObject finding = _account.Run($"Get-AuthressAccessKeyReport {more} | Where-Object Rule -eq ClientWithFiveKeys").Ok().Single;
        _account.Shell.Set("fix", finding.Properties["Fix"].Value);
        Assert.Equal(deleted, _account.Run("$keys.Where({ \"$fix\" -clike \"Remove-AuthressAccessKey *'$_'\" }) | ForEach-Object { $keys.IndexOf($_) }").Ok().Output is [{ BaseObject: int index }] ? index : null);
        Assert.Equal(deleted is null, finding.Properties["Fix"].Value is null);
    }

    [Theory]
    [InlineData("", "", "two")]
    [InlineData("", "-KnownDestination one.key", "two")]
    [InlineData("", "-KnownDestination two.key", "one")]
    [InlineData("$null = Start-AuthressAccessKeyRotation $one -OutFile one.key -OlderThan 1", "", "two")]
    [InlineData("$null = Start-AuthressAccessKeyRotation $two -OutFile two.key -OlderThan 1", "", "one")]
    [InlineData("$null = Start-AuthressAccessKeyRotation $two -OutFile two.key -OlderThan 1", "-KnownDestination one.key", null)]
    [InlineData("", "-KnownDestination one.key, two.key", null)]
    [InlineData("", "-KnownDestination one.key, missing.key", null)]
    [InlineData("$null = New-Item journal/x.json -Value '{' -Force", "", null)]
    public void Deletes_the_one_of_two_shared_keys_that_nothing_is_known_to_hold(string prepare, string more, string? deleted)
    {
        // The report reads them in the order of the list.
        string[] seeded = [_account.Seed(), _account.Seed()];
        string[] ids = [.. _account.Run("Get-AuthressServiceClient").Ok().Get("ClientId").Cast<string>().Intersect(seeded)];
        _account.Shell.Set("one", ids[0]);
        _account.Shell.Set("two", ids[1]);
        string key = _account.Server.IssueAccessKey(ids[0]);
        File.WriteAllText(Path.Combine(_account.Folder, "one.key"), key);
        string keyId = (string)_account.Run("(New-AuthressAccessKey $two -PublicKey (Get-AuthressAccessKey $one).PublicKey).KeyId").Ok().Single.BaseObject;
        string[] parts = key.Split('.');
        File.WriteAllText(Path.Combine(_account.Folder, "two.key"), string.Join('.', ids[1], keyId, parts[2], parts[3]));
        _account.Run(prepare).Ok();
        object? fix = _account.Run($"Get-AuthressAccessKeyReport {more} | Where-Object Rule -eq KeyOnTwoClients").Ok().Single.Properties["Fix"].Value;
        if (deleted is null)
            Assert.Null(fix);
        else
            Assert.Contains(deleted == "one" ? ids[0] : ids[1], (string?)fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'{'")]
    [InlineData("'{\"version\":999}'")]
    [InlineData("('x' * 100KB)")]
    public void Deletes_no_key_where_an_entry_of_the_journal_can_not_be_read(string content)
    {
        File.WriteAllText(Path.Combine(_account.Folder, "admin.key"), _account.Server.AccessKey);
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id}; $null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OlderThan 1").Ok();
        const string report = "Get-AuthressAccessKeyReport -KnownDestination admin.key";
        Assert.Equal(["KeyAtNoKnownDestination"], _account.Run(report).Ok().Get("Rule"));
        _account.Run($"Get-Item journal/*.json | Set-Content -Value {content}").Ok();
        ShellResult result = _account.Run(report).Ok();
        Assert.Equal(["NotRead", "KeyAtNoKnownDestination", "KeyAtNoKnownDestination"], result.Get("Rule"));
        Assert.Equal([null, null, null], result.Get("Fix"));
    }

    [Theory]
    [InlineData("Clear-Content held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -Force", 1)]
    [InlineData("$null = Complete-AuthressAccessKeyRotation {id} -OutFile held.key -Force; $null = New-AuthressAccessKey {id} -OutFile held.key -Force; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OlderThan 1", 2)]
    public void Knows_each_key_that_the_journal_knows(string prepare, int staying)
    {
        File.WriteAllText(Path.Combine(_account.Folder, "admin.key"), _account.Server.AccessKey);
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key").Ok();
        _account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        Assert.Empty(_account.Run("Get-AuthressAccessKeyReport -KnownDestination admin.key | Where-Object Rule -eq KeyAtNoKnownDestination").Ok().Output);

        // A key that is on its way out is not too old.
        Assert.Equal(staying, _account.Run($"Get-AuthressAccessKeyReport -MaximumAge 0 | Where-Object {{ $_.Rule -eq 'KeyTooOld' -and $_.ClientId -eq '{id}' }}").Ok().Output.Count);
    }

    [Fact]
    public void Never_takes_the_key_that_signs_for_the_report_for_one_that_nobody_has()
    {
        string admin = _account.Server.AdminClientId;
        Assert.DoesNotContain("KeyAtNoKnownDestination", _account.Run("Get-AuthressAccessKeyReport -KnownDestination *.none").Ok().Get("Rule"));

        // Its key is the oldest, and the second one with its public half.
        _account.Run($"1..4 | ForEach-Object {{ $null = New-AuthressAccessKey {admin} }}; $two = New-AuthressServiceClient two; $null = New-AuthressAccessKey $two -PublicKey (Get-AuthressAccessKey {admin} -KeyId (Get-AuthressConnection).KeyId).PublicKey").Ok();
        ShellResult result = _account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -in ClientWithFiveKeys, KeyOnTwoClients").Ok();
        Assert.Equal(["KeyOnTwoClients", "ClientWithFiveKeys"], result.Get("Rule"));
        foreach (PSObject finding in result.Output)
            _account.Run((string)finding.Properties["Fix"].Value).Ok();
        Assert.Empty(_account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -in ClientWithFiveKeys, KeyOnTwoClients").Ok().Output);
    }

    [Fact]
    public void Names_the_account_in_the_command_where_it_is_not_the_session_s_own()
    {
        using EmulatorHandle other = new();
        string id = _account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        string there = other.Server.SeedClient("""{"options":{"grantTokenGeneration":true}}""");
        _account.Shell.Set("otherKey", Shell.Secret(other.Server.AccessKey));
        _account.Run($"$own = Get-AuthressConnection; $other = Connect-Authress {other.Server.ApiUrl} $otherKey -PassThru").Ok();
        string fix = (string)_account.Run($"Get-AuthressAccessKeyReport -Connection $own | Where-Object {{ $_.Rule -eq 'MayCreateTokens' }}").Ok().Single.Properties["Fix"].Value;
        other.Server.ClearRequests();
        _account.Server.ClearRequests();

        // Nobody has said which connection it is.
        Assert.NotEmpty(_account.Run(fix).Errors);
        Assert.NotEmpty(_account.Run("$connections = @{}; " + fix).Errors);
        Assert.Empty(other.Server.Requests);
        Assert.Empty(_account.Server.Requests);

        _account.Run("$own, $other | ForEach-Object { $connections[$_.AccountId] = $_ }").Ok();
        const string report = "Get-AuthressAccessKeyReport -Connection $connections.Values | Where-Object { $_.Rule -eq 'MayCreateTokens' }";
        PSObject[] both = [.. _account.Run(report).Ok().Output];
        Assert.Equal(new[] { id, there }.Order(StringComparer.Ordinal), both.Select(finding => (string)finding.Properties["ClientId"].Value).Order(StringComparer.Ordinal));
        foreach (PSObject finding in both)
            _account.Run((string)finding.Properties["Fix"].Value).Ok();
        Assert.Empty(_account.Run(report).Ok().Output);
    }

    [Fact]
    public void Names_the_journal_in_the_command_where_it_is_not_the_default_one()
    {
        string id = _account.Seed();
        _account.Run($"$PSDefaultParameterValues.Remove('*:JournalPath'); $null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OverlapPeriod 0 -JournalPath 'my journal'").Ok();
        const string report = "Get-AuthressAccessKeyReport -JournalPath 'my journal' | Where-Object Rule -eq RotationDue";
        string fix = (string)_account.Run(report).Ok().Single.Properties["Fix"].Value;
        _account.Run("Set-Location /; " + fix + "; Set-Location $folder").Ok();
        Assert.Empty(_account.Run(report).Ok().Output);
    }

    [Fact]
    public void Gives_each_finding_a_fingerprint_that_stays()
    {
        File.WriteAllText(Path.Combine(_account.Folder, "accepted.json"), """
            [
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "a", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "k", "reason": "a", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "a", "until": "2020-01-02" }
            ]
            """);
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile a.key; $null = New-AuthressAccessKey {id} -OutFile b.key").Ok();
        _account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        _account.Run($"Start-AuthressAccessKeyRotation {id} -OutFile a.key; Start-AuthressAccessKeyRotation {id} -OutFile b.key");
        _account.Server.FaultSource = null;
        string[] Fingerprints()
        {
            _account.Run("$null = Get-AuthressAccessKeyReport -ExceptionFile accepted.json -KnownDestination one.key, two.key -OutFile report.sarif").Ok();
            return [.. Sarif()["results"]!.AsArray().Select(result => result!["partialFingerprints"]!["authressFinding/v1"]!.GetValue<string>())];
        }

        string[] before = Fingerprints();
        Assert.True(before.Length >= 7);
        Assert.Equal(before.Distinct(), before);
        Assert.Equal(before, Fingerprints());
    }

    [Fact]
    public void Is_not_clean_where_an_account_can_be_read_only_in_part()
    {
        _account.Server.FaultSource = (method, path) => method == "GET" && path == "/v1/clients" ? new StatusFault(403) : null;
        ShellResult result = _account.Run("Get-AuthressAccessKeyReport -OutFile report.sarif -FailOn Error");
        PSObject gap = Assert.Single(result.Output);
        Assert.Equal("NotRead", gap.Properties["Rule"].Value);

        // What support asks for is on another line in an error.
        Assert.Matches(@"\. Request id: \w+", (string)gap.Properties["Message"].Value);
        Assert.DoesNotContain(@"\u", (string)gap.Properties["Message"].Value, StringComparison.Ordinal);
        Assert.Equal("ReportFailed", result.ErrorId);
        Assert.False(Sarif()["invocations"]![0]!["executionSuccessful"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("-OverlapPeriod 0", true, true)]
    [InlineData("", true, true)]
    [InlineData("-OlderThan 1", true, false)]
    [InlineData("-OverlapPeriod 0", false, false)]
    public void Reports_an_open_rotation_whose_client_is_gone(string arguments, bool isDeleted, bool isFinding)
    {
        string id = _account.Seed();
        _account.Run($"$null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key {arguments}").Ok();
        if (isDeleted)
            _account.Run($"Remove-AuthressServiceClient {id}").Ok();
        string entry = Assert.Single(Directory.GetFiles(Path.Combine(_account.Folder, "journal"), "*.json"));
        const string report = "Get-AuthressAccessKeyReport -KnownDestination held.key | Where-Object Rule -eq RotationInterrupted";
        ShellResult result = _account.Run(report).Ok();
        Assert.Equal(isFinding, result.Output.Count == 1);
        if (!isFinding)
            return;
        Assert.Equal(id, result.Single.Properties["ClientId"].Value);
        Assert.Contains(entry, (string)result.Single.Properties["Message"].Value, StringComparison.Ordinal);
        File.Delete(entry);
        Assert.Empty(_account.Run(report).Ok().Output);
    }

    [Fact]
    public void Fails_on_the_requested_severity_after_all_findings()
    {
        _account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        ShellResult warning = _account.Run("Get-AuthressAccessKeyReport -FailOn Warning");
        Assert.NotEmpty(warning.Output);
        Assert.Equal("ReportFailed", warning.ErrorId);
        _account.Run("Get-AuthressAccessKeyReport -FailOn Error").Ok();
    }

    [Fact]
    public void Accepts_findings_until_their_day_and_then_reports_the_exception()
    {
        string id = _account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        File.WriteAllText(Path.Combine(_account.Folder, "accepted.json"), $$"""
            [
              { "rule": "MayCreateTokens", "clientId": "{{id}}", "reason": "the login service", "until": "2999-12-31" },
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "ü", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "aB", "reason": "ended, for a key", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "ab", "reason": "ended, for another", "until": "2020-01-01" }
            ]
            """);
        ShellResult result = _account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json -OutFile report.sarif, report.csv").Ok();
        Assert.Equal(["ExceptionExpired", "ExceptionExpired", "ExceptionExpired", "ClientWithoutKey"], result.Get("Rule"));
        JsonNode suppressed = Assert.Single(Sarif()["results"]!.AsArray(), finding => finding!["suppressions"] is not null)!;
        Assert.Equal("the login service", suppressed["suppressions"]![0]!["justification"]!.GetValue<string>());
        Assert.Equal("2999-12-31", suppressed["suppressions"]![0]!["properties"]!["until"]!.GetValue<string>());
        Assert.Contains("the login service", File.ReadAllText(Path.Combine(_account.Folder, "report.csv")), StringComparison.Ordinal);

        // Each command takes one out of the file.
        foreach (int left in (int[])[3, 2, 1])
        {
            _account.Run("Set-StrictMode -Version Latest; " + (string)result.Output[left - 1].Properties["Fix"].Value).Ok();
            Assert.Equal(left, JsonNode.Parse(File.ReadAllText(Path.Combine(_account.Folder, "accepted.json")))!.AsArray().Count);
        }

        Assert.Equal(["ClientWithoutKey"], _account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json").Ok().Get("Rule"));
    }

    [Theory]
    [InlineData("not json", "line 1")]
    [InlineData("{}", "array")]
    [InlineData("[1]", "Entry 1")]
    [InlineData("""[{"rule":"Unknown","clientId":"*","reason":"r","until":"2999-01-01"}]""", "Unknown")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","until":"2999-01-01"}]""", "'reason'")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":" ","until":"2999-01-01"}]""", "'reason'")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"r"}]""", "'until'")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"r","until":"soon"}]""", "'soon'")]
    [InlineData("""[{"rule":"KeyTooOld","reason":"r","until":"2999-01-01"}]""", "'clientId'")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"r","until":"2999-01-01","untill":"x"}]""", "'untill'")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"r","until":"2999-01-01","until":"2999-01-02"}]""", "'until' more than once")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"\ud800","until":"2999-01-01"}]""", "Entry 1")]
    [InlineData("""[{"rule":"KeyTooOld","clientId":"*","reason":"r","until":"2999-01-01","\udc00":"x"}]""", "Entry 1")]
    [InlineData(" ", "65,536 characters", 70_000)]
    public void Refuses_exceptions_that_are_not_complete(string json, string said, int repeated = 1)
    {
        File.WriteAllText(Path.Combine(_account.Folder, "accepted.json"), string.Concat(Enumerable.Repeat(json, repeated)));
        _account.Server.ClearRequests();
        ShellResult result = _account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json");
        result.Refused("InvalidExceptions", ErrorCategory.InvalidData);
        Assert.Contains(said, Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("access key", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("-OutFile missing/report.html", "ReportNotWritten")]
    [InlineData("-OutFile report.pdf", "ReportNotWritten")]
    [InlineData("-OutFile $folder", "ReportNotWritten")]
    [InlineData("-OutFile /sys/report.html", "ReportNotWritten")]
    [InlineData("-OutFile report.html, /sys/report.csv", "ReportNotWritten")]
    [InlineData("-OutFile Env:report.csv", "ReportNotWritten")]
    [InlineData("-OutFile admin.csv -NoClobber", "ReportNotWritten")]
    [InlineData("-ExceptionFile missing.json", "InvalidExceptions")]
    [InlineData("-MaximumAge -1", "ParameterArgumentTransformationError")]
    [InlineData("-MaximumAge 2999-01-01", "ParameterArgumentTransformationError")]
    [InlineData("-KnownDestination @{ OutFile = [securestring]::new() }", "ParameterArgumentTransformationError")]
    [InlineData("-KnownDestination admin.csv, ([pscustomobject]@{ SecretName = [securestring]::new() })", "ParameterArgumentTransformationError")]
    [InlineData("-KnownDestination @{ SecretName = 'a'; VaultName = @{ a = 1 } }", "ParameterArgumentTransformationError")]
    [InlineData("-KnownDestination ([pscustomobject]@{ a = 1 } | Add-Member ScriptProperty OutFile { throw 'no' } -PassThru)", "ParameterArgumentTransformationError")]
    [InlineData("-Connection $null", "ParameterArgumentTransformationError")]
    [InlineData("-Connection @((Get-AuthressConnection), 7)", "ParameterArgumentTransformationError")]
    public void Refuses_bad_input_before_it_reads(string arguments, string id)
    {
        File.WriteAllText(Path.Combine(_account.Folder, "admin.csv"), "kept");
        _account.Server.ClearRequests();
        ShellResult result = _account.Run($"Get-AuthressAccessKeyReport {arguments}");
        Assert.Equal(id, result.ErrorId);
        Assert.Empty(_account.Server.Requests);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(_account.Folder, "admin.csv")));
        Assert.Equal(["admin.csv"], Directory.GetFiles(_account.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("", "ReportNotWritten")]
    [InlineData("-FailOn Note", "ReportNotWritten ReportFailed")]
    public void Writes_the_findings_and_the_other_files_where_a_file_can_not_be_written(string more, string ids)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no folder with an open file.");
        string id = _account.Seed();
        DirectoryInfo gone = Directory.CreateDirectory(Path.Combine(_account.Folder, "gone"));
        _account.Server.FaultSource = (_, _) =>
        {
            if (gone.Exists)
                gone.Delete(recursive: true);
            gone.Refresh();
            return null;
        };
        ShellResult result = _account.Run($"Get-AuthressAccessKeyReport -OutFile gone/report.csv, report.sarif {more}");
        Assert.Contains(id, result.Get("ClientId"));
        Assert.Equal(ids.Split(' '), result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.NotEmpty(Sarif()["results"]!.AsArray());
        Assert.Equal(["report.sarif"], Directory.GetFiles(_account.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Keeps_the_mode_of_a_file_that_it_replaces_and_a_link_to_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes, and a link needs a privilege there.");
        if (OperatingSystem.IsWindows())
            return;
        string Path(string name) => System.IO.Path.Combine(_account.Folder, name);
        foreach (string name in (string[])["report.html", "real.csv", "plain"])
            File.WriteAllText(Path(name), "old");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(Path("report.html"), mode);
        File.SetUnixFileMode(Path("real.csv"), mode | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(Path("report.csv"), "real.csv");
        _account.Run("$null = Get-AuthressAccessKeyReport -OutFile report.html, report.csv, report.sarif").Ok();
        Assert.Equal(mode, File.GetUnixFileMode(Path("report.html")));
        Assert.Equal(mode | UnixFileMode.GroupRead, File.GetUnixFileMode(Path("real.csv")));
        Assert.Equal("real.csv", new FileInfo(Path("report.csv")).LinkTarget);
        Assert.StartsWith("\"Severity\"", File.ReadAllText(Path("real.csv")), StringComparison.Ordinal);

        // A new one is as the user's other new files are.
        Assert.Equal(File.GetUnixFileMode(Path("plain")), File.GetUnixFileMode(Path("report.sarif")));

        File.Delete(Path("real.csv"));
        ErrorRecord dangling = _account.Run("Get-AuthressAccessKeyReport -OutFile report.csv").Refused("ReportNotWritten", ErrorCategory.WriteError);
        Assert.Contains(Path("real.csv"), dangling.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_every_client_once()
    {
        string[] ids = [.. _account.Server.SeedClients(45)];
        _account.Server.ClearRequests();
        Assert.Equal(ids.Order(StringComparer.Ordinal), _account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -eq ClientWithoutKey").Ok().Get("ClientId").OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(3, _account.Server.Requests.Count);
    }

    [Fact]
    public async Task Reads_the_keys_of_clients_that_the_list_sends_without()
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = true });
        using Shell shell = new();
        shell.Connect(server.ApiUrl, server.AccessKey);
        string id = server.SeedClient();
        server.IssueAccessKey(id);
        Assert.DoesNotContain("ClientWithoutKey", shell.Run("Get-AuthressAccessKeyReport").Ok().Get("Rule"));
    }

    [Fact]
    public void Writes_no_cell_that_a_spreadsheet_runs()
    {
        _account.Seed("""{"name":"=HYPERLINK(\"x\")"}""");
        _account.Run("$null = Get-AuthressAccessKeyReport -OutFile report.csv").Ok();
        PSObject row = _account.Run("Import-Csv report.csv").Ok().Single;
        Assert.StartsWith("'=", (string)row.Properties["ClientName"].Value, StringComparison.Ordinal);
        Assert.StartsWith("'=", (string)row.Properties["Message"].Value, StringComparison.Ordinal);
    }

    private IEnumerable<string> PageCommands()
    {
        string page = File.ReadAllText(Path.Combine(_account.Folder, "report.html"));
        return Regex.Matches(page, "<code class=\"fix\">(.*?)</code>").Select(code => WebUtility.HtmlDecode(Regex.Replace(code.Groups[1].Value, "</?span>", string.Empty)));
    }

    private JsonObject Sarif() => JsonNode.Parse(File.ReadAllText(Path.Combine(_account.Folder, "report.sarif")))!["runs"]![0]!.AsObject();

    /// <summary>A second account.</summary>
    private sealed class EmulatorHandle : IDisposable
    {
        public EmulatorServer Server { get; } = EmulatorServer.StartAsync(new EmulatorOptions()).GetAwaiter().GetResult();

        public void Dispose() => Server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
