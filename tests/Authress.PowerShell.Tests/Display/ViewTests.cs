using System.Management.Automation;
using System.Net;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Display;

public sealed class ViewTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void Fits_clients_into_the_screen(int width)
    {
        using Shell shell = Connected(width);
        string id = _account.Seed("""{"name":"A service with a name that is far too long for any table that a person would read","tags":{"env":"production","team":"billing-and-invoices","cost-centre":"4711","region":"eu-central-1","owner":"somebody with a long name","more":"and more of the same until the line is full"},"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""");
        string[] lines = Lines(shell.Show("Get-AuthressServiceClient"));
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.Contains(lines, line => line.Contains("A service with a name t", StringComparison.Ordinal) && line.Contains("0/5", StringComparison.Ordinal) && line.Contains("users, tokens !", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(id + " ", StringComparison.Ordinal));
        // Every client has one line, however long its name is.
        Assert.Equal(2 + 2, lines.Length);
    }

    [Fact]
    public void Shows_ids_whole_on_a_narrow_screen()
    {
        using Shell shell = Connected(80);
        string client = _account.Seed();
        shell.Set("key", new NetworkCredential(string.Empty, _account.Server.IssueAccessKey(client)).SecurePassword);
        foreach (string command in new[] { "Get-AuthressServiceClient", $"Get-AuthressAccessKey {client}", $"New-AuthressAccessKey {client}", "Test-AuthressAccessKey $key" })
            Assert.Contains(Lines(shell.Show(command)), line => line.Contains(client + " ", StringComparison.Ordinal));
        Assert.Contains(_account.Server.AdminClientId + " ", shell.Show("Get-AuthressConnection | Format-Table"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_the_keys_a_client_has_room_for()
    {
        string client = _account.Seed();
        _account.Server.IssueAccessKey(client);
        _account.Server.IssueAccessKey(client);
        Assert.Contains("2/5", _account.Shell.Show($"Get-AuthressServiceClient {client}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_keys_blank_where_the_list_does_not_tell()
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = true });
        using Shell shell = new();
        shell.Connect(server.ApiUrl, server.AccessKey);
        Assert.DoesNotContain("/5", shell.Show("Get-AuthressServiceClient"), StringComparison.Ordinal);
        Assert.Null(shell.Run("Get-AuthressServiceClient").Ok().Single.Properties["AccessKey"].Value);
    }

    [Fact]
    public void Shows_the_times_of_an_object_that_came_back_from_elsewhere()
    {
        string client = _account.Seed();
        _account.Server.IssueAccessKey(client);
        ShellResult result = _account.Run($$"""
            $client = Get-AuthressServiceClient {{client}}
            $key = Get-AuthressAccessKey {{client}}
            foreach ($pair in @(@($client, 'CreatedTime'), @($key, 'GenerationDate'))) {
                $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($pair[0]))
                foreach ($one in $pair[0], $copy) {
                    [Authress.PowerShell.Display.View]::ExactTime($one.($pair[1])) + ' ' + [Authress.PowerShell.Display.View]::Time($one.($pair[1]))
                }
            }
            """).Ok();
        string[] shown = [.. result.Output.Select(one => one.ToString())];
        Assert.All(shown, text => Assert.NotEmpty(text.Trim()));
        Assert.Equal([shown[0], shown[2]], (string[])[shown[1], shown[3]]);
    }

    [Theory]
    [InlineData("0:0:30", "now")]
    [InlineData("0:1:30", "1 minute")]
    [InlineData("5:0:0", "5 hours")]
    [InlineData("1.5:0:0", "1 day")]
    [InlineData("59.0:0:0", "59 days")]
    [InlineData("89.0:0:0", "2 months")]
    [InlineData("90.0:0:0", "2 months !")]
    [InlineData("400.0:0:0", "13 months !")]
    [InlineData("800.0:0:0", "2 years !")]
    public void Says_an_age_as_people_do_and_marks_a_stale_key(string age, string shown) =>
        Assert.Equal(shown, _account.Run($"[Authress.PowerShell.Display.View]::KeyAge([timespan]'{age}', $null, $null)").Ok().Single.BaseObject);

    [Fact]
    public void Colours_a_stale_key_only_where_there_is_colour()
    {
        Assert.Equal("\u001b[33m2 years !\u001b[0m", _account.Run("[Authress.PowerShell.Display.View]::KeyAge([timespan]'800.0:0:0', \"`e[33m\", \"`e[0m\")").Ok().Single.BaseObject);
        _account.Run("$old = [System.Management.Automation.PSObject]::new(); $old.PSObject.TypeNames.Insert(0, 'Deserialized.Authress.AccessKey')").Ok();
        string shown = _account.Shell.Show("$old | ForEach-Object { $_.PSObject.Properties.Add([psnoteproperty]::new('Age', [timespan]'800.0:0:0')); $_ }");
        Assert.Contains("2 years !", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_what_came_back_from_a_job_in_the_same_way()
    {
        string client = _account.Seed("""{"name":"billing","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}]}""");
        _account.Server.IssueAccessKey(client);
        PSObject original = _account.Fetch(client);
        _account.Shell.Set("original", original);
        _account.Shell.Set("copy", Shell.Deserialized(original));
        Assert.Equal(_account.Shell.Show("$original"), _account.Shell.Show("$copy"));
        Assert.Contains("env=prod", _account.Shell.Show("$copy"), StringComparison.Ordinal);
    }

    private Shell Connected(int width)
    {
        Shell shell = new(width);
        shell.Connect(_account.Server.ApiUrl, _account.Server.AccessKey);
        return shell;
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Where(line => line.Trim().Length > 0)];
}
