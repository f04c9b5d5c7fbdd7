using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json.Nodes;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>The rules of the report, and the commands that correct what they find.</summary>
public sealed class ReportFindingTests : ReportSessionTests
{
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
        File.WriteAllText(Path.Combine(Account.Folder, "admin.key"), Account.Server.AccessKey);
        string id = Account.Seed(client);
        Account.Shell.Set("id", id);
        if (more == "POST")
        {
            string[] lines = prepare.Split("; ");
            Account.Run(string.Join("; ", lines.Take(lines.Length - 1)).Replace("{id}", id, StringComparison.Ordinal)).Ok();
            Account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
            Account.Run(lines[^1].Replace("{id}", id, StringComparison.Ordinal));
            Account.Server.FaultSource = null;
            more = string.Empty;
        }
        else
        {
            Account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        }

        string report = $"Get-AuthressAccessKeyReport {more} | Where-Object {{ $_.Rule -eq '{rule}' -and $_.ClientId -ne '{Account.Server.AdminClientId}' }}";
        PSObject[] found = [.. Account.Run(report).Ok().Output];
        Assert.NotEmpty(found);
        Assert.Contains(found, finding => (string)finding.Properties["ClientId"].Value == id || rule == "KeyOnTwoClients");
        foreach (PSObject finding in found)
            Account.Run((string)finding.Properties["Fix"].Value).Ok();

        // The tags that were there stay.
        if (rule == "TagMissing")
            Assert.Equal("‘a’; b=c", Account.Server.FindClient(id)!.Tags["it's"]);

        // A new key is as old as -MaximumAge 0, too.
        Assert.DoesNotContain(Account.Run(report).Ok().Output, finding => rule != "KeyTooOld" || found.Any(before => before.Properties["KeyId"].Value.Equals(finding.Properties["KeyId"].Value)));
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
        string id = Account.Seed(client.ToJsonString());
        File.WriteAllText(Path.Combine(Account.Folder, "it's [a]  file.json"), new JsonArray(new JsonObject { ["rule"] = "KeyTooOld", ["clientId"] = name, ["reason"] = "r", ["until"] = "2020-01-01" }).ToJsonString());
        Account.Run($"1..2 | ForEach-Object {{ $null = New-AuthressAccessKey {id} }}").Ok();
        Dictionary<string, string> expected = new(Account.Server.FindClient(id)!.Tags, StringComparer.Ordinal);
        foreach (PSObject tag in Account.Run(required.Contains('"', StringComparison.Ordinal) ? required : $"'{required.Replace(", ", "', '", StringComparison.Ordinal)}'").Ok().Output)
            expected[(string)tag.BaseObject] = "FILL-IN";

        PSObject[] found = [.. Account.Run($"Get-AuthressAccessKeyReport -MaximumAge 0 -KnownDestination missing.key -RequiredTag {required} -ExceptionFile \"it's [a]  file.json\" -OutFile report.html, report.sarif, report.csv").Ok().Output];
        string[] commands = [.. found.Select(finding => (string?)finding.Properties["Fix"].Value).OfType<string>()];
        Assert.Equal(commands, Account.Run("Import-Csv report.csv").Ok().Get("Fix").OfType<string>().Where(fix => fix.Length > 0));
        Assert.All(found.Zip(Sarif()["results"]!.AsArray()), pair => Assert.EndsWith(pair.First.Properties["Fix"].Value as string ?? string.Empty, pair.Second!["message"]!["text"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal(commands.Order(StringComparer.Ordinal), PageCommands().Order(StringComparer.Ordinal));

        string[] own = [.. found.Where(finding => finding.Properties["ClientId"].Value is null || finding.Properties["ClientId"].Value.Equals(id)).Select(finding => (string?)finding.Properties["Fix"].Value).OfType<string>()];
        Assert.Equal(6, own.Length);
        foreach (string command in own)
        {
            Assert.DoesNotContain(command, c => char.IsControl(c) || (char.IsWhiteSpace(c) && c != ' ') || c is '\u202e' or '\u2066');
            Parser.ParseInput(command, out _, out ParseError[] errors);
            Assert.Empty(errors);
            Account.Run(command).Ok();
        }

        Assert.Equal(expected.OrderBy(tag => tag.Key, StringComparer.Ordinal), Account.Server.FindClient(id)!.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal(name, Account.Server.FindClient(id)!.Name);
        Assert.Empty(JsonNode.Parse(File.ReadAllText(Path.Combine(Account.Folder, "it's [a]  file.json")))!.AsArray());
    }

    [Theory]
    [InlineData("""{"":"a"}""")]
    [InlineData("""{"a":"https://bob:word@example.com"}""")]
    public void Has_no_command_that_would_lose_a_tag(string tags)
    {
        string id = Account.Seed($$"""{"tags":{{tags}}}""");
        Assert.Null(Account.Run("Get-AuthressAccessKeyReport -RequiredTag owner | Where-Object { $_.Rule -eq 'TagMissing' -and $_.ClientId -eq '" + id + "' }").Ok().Single.Properties["Fix"].Value);
    }

    [Fact]
    public void Finds_a_key_in_two_accounts()
    {
        using EmulatorHandle other = new();
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id}; $key = (Get-AuthressAccessKey {id}).PublicKey").Ok();
        string there = other.Server.SeedClient();
        Account.Shell.Set("adminKey", Shell.Secret(other.Server.AccessKey));
        ShellResult result = Account.Run($"""
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
        string id = Account.Seed();
        string other = Account.Seed();
        Account.Run($"$key = (New-AuthressAccessKey {id}).PublicKey; $null = New-AuthressAccessKey {other} -PublicKey $key").Ok();
        Account.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        Assert.Contains("KeyOnTwoClients", Account.Run("Get-AuthressAccessKeyReport").Ok().Get("Rule"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public void Reads_an_account_once_however_many_connections_lead_to_it(string host)
    {
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id}").Ok();
        Account.Server.ClearRequests();
        Account.Shell.Set("adminKey", Shell.Secret(Account.Server.AccessKey));
        ShellResult result = Account.Run($"$one = Get-AuthressConnection; $two = Connect-Authress http://{host}:{Account.Server.ApiUrl.Port} $adminKey -PassThru; Get-AuthressAccessKeyReport -Connection $one, $two -MaximumAge 0 -OutFile report.sarif").Ok();
        Assert.Equal(result.Get("KeyId").Distinct(), result.Get("KeyId"));
        Assert.DoesNotContain("KeyOnTwoClients", result.Get("Rule"));
        Assert.Single(Account.Server.Requests);
    }

    /// <summary>Five keys, whose ids are in <c>$keys</c>, oldest first; what holds some of them; and the one that the command deletes.</summary>
    public static TheoryData<string, string, int?> Held => new()
    {
        { string.Empty, string.Empty, 0 },
        { string.Empty, "-KnownDestination 0.key, 1.key", 2 },
        { "Copy-Item 3.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", "-KnownDestination 0.key", 1 },
        { "Copy-Item 0.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", "-KnownDestination 1.key", 2 },
        { "Copy-Item 0.key used.key; Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1", string.Empty, 1 },
        { TakeOut(hours: 1), string.Empty, 1 },
        { TakeOut(hours: -1), string.Empty, 0 },
        { string.Empty, "-KnownDestination 0.key, 1.key, 2.key, 3.key, 4.key", null },
        { string.Empty, "-KnownDestination 0.key, missing.key", null },
        { "$null = New-Item journal/x.json -Value '{' -Force", string.Empty, null },
    };

    // A rotation took the oldest one out of its destination, and keeps it for some hours.
    private static string TakeOut(int hours) => $$"""
        Copy-Item 4.key used.key
        Start-AuthressAccessKeyRotation {id} -OutFile used.key -OlderThan 1
        $entry = (Get-Item journal/*.json).FullName
        $record = Get-Content $entry -Raw | ConvertFrom-Json
        $record.rotation.takenOut = @(@{ keyId = $keys[0]; dueTime = [datetimeoffset]::UtcNow.AddHours({{hours}}) })
        $record | ConvertTo-Json -Depth 9 | Set-Content $entry
        """;

    [Theory]
    [MemberData(nameof(Held))]
    public void Deletes_the_oldest_of_five_keys_that_nothing_is_known_to_hold(string prepare, string more, int? deleted)
    {
        string id = Account.Seed();
        Account.Run($"$keys = 0..4 | ForEach-Object {{ (New-AuthressAccessKey {id} -OutFile \"$_.key\").KeyId }}").Ok();
        Account.Run(prepare.Replace("{id}", id, StringComparison.Ordinal)).Ok();
        PSObject finding = Account.Run($"Get-AuthressAccessKeyReport {more} | Where-Object Rule -eq ClientWithFiveKeys").Ok().Single;
        Account.Shell.Set("fix", finding.Properties["Fix"].Value);
        Assert.Equal(deleted, Account.Run("$keys.Where({ \"$fix\" -clike \"Remove-AuthressAccessKey *'$_'\" }) | ForEach-Object { $keys.IndexOf($_) }").Ok().Output is [{ BaseObject: int index }] ? index : null);
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
        string[] seeded = [Account.Seed(), Account.Seed()];
        string[] ids = [.. Account.Run("Get-AuthressServiceClient").Ok().Get("ClientId").Cast<string>().Intersect(seeded)];
        Account.Shell.Set("one", ids[0]);
        Account.Shell.Set("two", ids[1]);
        string key = Account.Server.IssueAccessKey(ids[0]);
        File.WriteAllText(Path.Combine(Account.Folder, "one.key"), key);
        string keyId = (string)Account.Run("(New-AuthressAccessKey $two -PublicKey (Get-AuthressAccessKey $one).PublicKey).KeyId").Ok().Single.BaseObject;
        string[] parts = key.Split('.');
        File.WriteAllText(Path.Combine(Account.Folder, "two.key"), string.Join('.', ids[1], keyId, parts[2], parts[3]));
        Account.Run(prepare).Ok();
        object? fix = Account.Run($"Get-AuthressAccessKeyReport {more} | Where-Object Rule -eq KeyOnTwoClients").Ok().Single.Properties["Fix"].Value;
        if (deleted is null)
            Assert.Null(fix);
        else
            Assert.Contains(deleted == "one" ? ids[0] : ids[1], (string?)fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_takes_the_key_that_signs_for_the_report_for_one_that_nobody_has()
    {
        string admin = Account.Server.AdminClientId;
        Assert.DoesNotContain("KeyAtNoKnownDestination", Account.Run("Get-AuthressAccessKeyReport -KnownDestination *.none").Ok().Get("Rule"));

        // Its key is the oldest, and the second one with its public half.
        Account.Run($"1..4 | ForEach-Object {{ $null = New-AuthressAccessKey {admin} }}; $two = New-AuthressServiceClient two; $null = New-AuthressAccessKey $two -PublicKey (Get-AuthressAccessKey {admin} -KeyId (Get-AuthressConnection).KeyId).PublicKey").Ok();
        ShellResult result = Account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -in ClientWithFiveKeys, KeyOnTwoClients").Ok();
        Assert.Equal(["KeyOnTwoClients", "ClientWithFiveKeys"], result.Get("Rule"));
        foreach (PSObject finding in result.Output)
            Account.Run((string)finding.Properties["Fix"].Value).Ok();
        Assert.Empty(Account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -in ClientWithFiveKeys, KeyOnTwoClients").Ok().Output);
    }

    [Fact]
    public void Names_the_account_in_the_command_where_it_is_not_the_session_s_own()
    {
        using EmulatorHandle other = new();
        string id = Account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        string there = other.Server.SeedClient("""{"options":{"grantTokenGeneration":true}}""");
        Account.Shell.Set("otherKey", Shell.Secret(other.Server.AccessKey));
        Account.Run($"$own = Get-AuthressConnection; $other = Connect-Authress {other.Server.ApiUrl} $otherKey -PassThru").Ok();
        string fix = (string)Account.Run($"Get-AuthressAccessKeyReport -Connection $own | Where-Object {{ $_.Rule -eq 'MayCreateTokens' }}").Ok().Single.Properties["Fix"].Value;
        other.Server.ClearRequests();
        Account.Server.ClearRequests();

        // Nobody has said which connection it is.
        Assert.NotEmpty(Account.Run(fix).Errors);
        Assert.NotEmpty(Account.Run("$connections = @{}; " + fix).Errors);
        Assert.Empty(other.Server.Requests);
        Assert.Empty(Account.Server.Requests);

        Account.Run("$own, $other | ForEach-Object { $connections[$_.AccountId] = $_ }").Ok();
        const string report = "Get-AuthressAccessKeyReport -Connection $connections.Values | Where-Object { $_.Rule -eq 'MayCreateTokens' }";
        PSObject[] both = [.. Account.Run(report).Ok().Output];
        Assert.Equal(new[] { id, there }.Order(StringComparer.Ordinal), both.Select(finding => (string)finding.Properties["ClientId"].Value).Order(StringComparer.Ordinal));
        foreach (PSObject finding in both)
            Account.Run((string)finding.Properties["Fix"].Value).Ok();
        Assert.Empty(Account.Run(report).Ok().Output);
    }

    [Fact]
    public void Names_the_journal_in_the_command_where_it_is_not_the_default_one()
    {
        string id = Account.Seed();
        Account.Run($"$PSDefaultParameterValues.Remove('*:JournalPath'); $null = New-AuthressAccessKey {id} -OutFile held.key; $null = Start-AuthressAccessKeyRotation {id} -OutFile held.key -OverlapPeriod 0 -JournalPath 'my journal'").Ok();
        const string report = "Get-AuthressAccessKeyReport -JournalPath 'my journal' | Where-Object Rule -eq RotationDue";
        string fix = (string)Account.Run(report).Ok().Single.Properties["Fix"].Value;
        Account.Run("Set-Location /; " + fix + "; Set-Location $folder").Ok();
        Assert.Empty(Account.Run(report).Ok().Output);
    }

    [Fact]
    public void Gives_each_finding_a_fingerprint_that_stays()
    {
        File.WriteAllText(Path.Combine(Account.Folder, "accepted.json"), """
            [
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "a", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "k", "reason": "a", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "a", "until": "2020-01-02" }
            ]
            """);
        string id = Account.Seed();
        Account.Run($"$null = New-AuthressAccessKey {id} -OutFile a.key; $null = New-AuthressAccessKey {id} -OutFile b.key").Ok();
        Account.Server.FaultSource = (method, _) => method == "POST" ? new StatusFault(403) : null;
        Account.Run($"Start-AuthressAccessKeyRotation {id} -OutFile a.key; Start-AuthressAccessKeyRotation {id} -OutFile b.key");
        Account.Server.FaultSource = null;
        string[] Fingerprints()
        {
            Account.Run("$null = Get-AuthressAccessKeyReport -ExceptionFile accepted.json -KnownDestination one.key, two.key -OutFile report.sarif").Ok();
            return [.. Sarif()["results"]!.AsArray().Select(result => result!["partialFingerprints"]!["authressFinding/v1"]!.GetValue<string>())];
        }

        string[] before = Fingerprints();
        Assert.True(before.Length >= 7);
        Assert.Equal(before.Distinct(), before);
        Assert.Equal(before, Fingerprints());
    }
}
