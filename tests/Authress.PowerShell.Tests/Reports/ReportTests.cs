using System.Management.Automation;
using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>Get-AuthressAccessKeyReport: what it reads, accepts, refuses and writes.</summary>
public sealed class ReportTests : ReportSessionTests
{
    [Fact]
    public void Is_not_clean_where_an_account_can_be_read_only_in_part()
    {
        Account.Server.FaultSource = (method, path) => method == "GET" && path == "/v1/clients" ? new StatusFault(403) : null;
        ShellResult result = Account.Run("Get-AuthressAccessKeyReport -OutFile report.sarif -FailOn Error");
        PSObject gap = Assert.Single(result.Output);
        Assert.Equal("NotRead", gap.Properties["Rule"].Value);

        // What support asks for is on another line in an error.
        Assert.Matches(@"\. Request id: \w+", (string)gap.Properties["Message"].Value);
        Assert.DoesNotContain(@"\u", (string)gap.Properties["Message"].Value, StringComparison.Ordinal);
        Assert.Equal("ReportFailed", result.ErrorId);
        Assert.False(Sarif()["invocations"]![0]!["executionSuccessful"]!.GetValue<bool>());
    }

    [Fact]
    public void Fails_on_the_requested_severity_after_all_findings()
    {
        Account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        ShellResult warning = Account.Run("Get-AuthressAccessKeyReport -FailOn Warning");
        Assert.NotEmpty(warning.Output);
        Assert.Equal("ReportFailed", warning.ErrorId);
        Account.Run("Get-AuthressAccessKeyReport -FailOn Error").Ok();
    }

    [Fact]
    public void Accepts_findings_until_their_day_and_then_reports_the_exception()
    {
        string id = Account.Seed("""{"options":{"grantTokenGeneration":true}}""");
        File.WriteAllText(Path.Combine(Account.Folder, "accepted.json"), $$"""
            [
              { "rule": "MayCreateTokens", "clientId": "{{id}}", "reason": "the login service", "until": "2999-12-31" },
              { "rule": "ClientWithoutKey", "clientId": "*", "reason": "ü", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "aB", "reason": "ended, for a key", "until": "2020-01-01" },
              { "rule": "ClientWithoutKey", "clientId": "*", "keyId": "ab", "reason": "ended, for another", "until": "2020-01-01" }
            ]
            """);
        ShellResult result = Account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json -OutFile report.sarif, report.csv").Ok();
        Assert.Equal(["ExceptionExpired", "ExceptionExpired", "ExceptionExpired", "ClientWithoutKey"], result.Get("Rule"));
        JsonNode suppressed = Assert.Single(Sarif()["results"]!.AsArray(), finding => finding!["suppressions"] is not null)!;
        Assert.Equal("the login service", suppressed["suppressions"]![0]!["justification"]!.GetValue<string>());
        Assert.Equal("2999-12-31", suppressed["suppressions"]![0]!["properties"]!["until"]!.GetValue<string>());
        Assert.Contains("the login service", File.ReadAllText(Path.Combine(Account.Folder, "report.csv")), StringComparison.Ordinal);

        // Each command takes one out of the file.
        foreach (int left in (int[])[3, 2, 1])
        {
            Account.Run("Set-StrictMode -Version Latest; " + (string)result.Output[left - 1].Properties["Fix"].Value).Ok();
            Assert.Equal(left, JsonNode.Parse(File.ReadAllText(Path.Combine(Account.Folder, "accepted.json")))!.AsArray().Count);
        }

        Assert.Equal(["ClientWithoutKey"], Account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json").Ok().Get("Rule"));
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
        File.WriteAllText(Path.Combine(Account.Folder, "accepted.json"), string.Concat(Enumerable.Repeat(json, repeated)));
        Account.Server.ClearRequests();
        ShellResult result = Account.Run("Get-AuthressAccessKeyReport -ExceptionFile accepted.json");
        result.Refused("InvalidExceptions", ErrorCategory.InvalidData);
        Assert.Contains(said, Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("access key", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(Account.Server.Requests);
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
        File.WriteAllText(Path.Combine(Account.Folder, "admin.csv"), "kept");
        Account.Server.ClearRequests();
        ShellResult result = Account.Run($"Get-AuthressAccessKeyReport {arguments}");
        Assert.Equal(id, result.ErrorId);
        Assert.Empty(Account.Server.Requests);
        Assert.Equal("kept", File.ReadAllText(Path.Combine(Account.Folder, "admin.csv")));
        Assert.Equal(["admin.csv"], Directory.GetFiles(Account.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("", "ReportNotWritten")]
    [InlineData("-FailOn Note", "ReportNotWritten ReportFailed")]
    public void Writes_the_findings_and_the_other_files_where_a_file_can_not_be_written(string more, string ids)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no folder with an open file.");
        string id = Account.Seed();
        DirectoryInfo gone = Directory.CreateDirectory(Path.Combine(Account.Folder, "gone"));
        Account.Server.FaultSource = (_, _) =>
        {
            if (gone.Exists)
                gone.Delete(recursive: true);
            gone.Refresh();
            return null;
        };
        ShellResult result = Account.Run($"Get-AuthressAccessKeyReport -OutFile gone/report.csv, report.sarif {more}");
        Assert.Contains(id, result.Get("ClientId"));
        Assert.Equal(ids.Split(' '), result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.NotEmpty(Sarif()["results"]!.AsArray());
        Assert.Equal(["report.sarif"], Directory.GetFiles(Account.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Keeps_the_mode_of_a_file_that_it_replaces_and_a_link_to_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes, and a link needs a privilege there.");
        if (OperatingSystem.IsWindows())
            return;
        string Path(string name) => System.IO.Path.Combine(Account.Folder, name);
        foreach (string name in (string[])["report.html", "real.csv", "plain"])
            File.WriteAllText(Path(name), "old");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(Path("report.html"), mode);
        File.SetUnixFileMode(Path("real.csv"), mode | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(Path("report.csv"), "real.csv");
        Account.Run("$null = Get-AuthressAccessKeyReport -OutFile report.html, report.csv, report.sarif").Ok();
        Assert.Equal(mode, File.GetUnixFileMode(Path("report.html")));
        Assert.Equal(mode | UnixFileMode.GroupRead, File.GetUnixFileMode(Path("real.csv")));
        Assert.Equal("real.csv", new FileInfo(Path("report.csv")).LinkTarget);
        Assert.StartsWith("\"Severity\"", File.ReadAllText(Path("real.csv")), StringComparison.Ordinal);

        // A new one is as the user's other new files are.
        Assert.Equal(File.GetUnixFileMode(Path("plain")), File.GetUnixFileMode(Path("report.sarif")));

        File.Delete(Path("real.csv"));
        ErrorRecord dangling = Account.Run("Get-AuthressAccessKeyReport -OutFile report.csv").Refused("ReportNotWritten", ErrorCategory.WriteError);
        Assert.Contains(Path("real.csv"), dangling.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_every_client_once()
    {
        string[] ids = [.. Account.Server.SeedClients(45)];
        Account.Server.ClearRequests();
        Assert.Equal(ids.Order(StringComparer.Ordinal), Account.Run("Get-AuthressAccessKeyReport | Where-Object Rule -eq ClientWithoutKey").Ok().Get("ClientId").OfType<string>().Order(StringComparer.Ordinal));
        Assert.Equal(3, Account.Server.Requests.Count);
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
        Account.Seed("""{"name":"=HYPERLINK(\"x\")"}""");
        Account.Run("$null = Get-AuthressAccessKeyReport -OutFile report.csv").Ok();
        PSObject row = Account.Run("Import-Csv report.csv").Ok().Single;
        Assert.StartsWith("'=", (string)row.Properties["ClientName"].Value, StringComparison.Ordinal);
        Assert.StartsWith("'=", (string)row.Properties["Message"].Value, StringComparison.Ordinal);
    }
}
