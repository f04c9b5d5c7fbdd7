using System.Management.Automation;
using System.Xml.Linq;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Display;

public sealed class ViewTests : IAsyncLifetime
{
    private static readonly XDocument Views = XDocument.Load(Path.Combine(Shell.ModuleFolder, "Authress.format.ps1xml"));

    private readonly Account _account = new();

    /// <summary>Every type that has a view.</summary>
    public static TheoryData<string> Types => [.. TypesOf(Views.Root!)];

    /// <summary>Every type that has a table.</summary>
    public static TheoryData<string, int, int> Tables =>
        [.. from type in Views.Descendants("View").Where(view => view.Element("TableControl") is not null).SelectMany(TypesOf).Distinct()
            from width in (int[])[60, 80, 120]
            from length in (int[])[26, 64]
            select (type, width, length)];

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void Fits_clients_into_the_screen(int width)
    {
        using Shell shell = Connected(width);
        _account.Seed("""{"name":"A service with a name that is far too long for any table that a person would read","tags":{"env":"production","team":"billing-and-invoices","cost-centre":"4711","region":"eu-central-1","owner":"somebody with a long name","more":"and more of the same until the line is full"},"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""");
        string[] lines = Lines(shell.Show("Get-AuthressServiceClient"));
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.Contains(lines, line => line.Contains("A service with a na", StringComparison.Ordinal) && line.Contains("0/5", StringComparison.Ordinal) && line.Contains("users", StringComparison.Ordinal));
        // Where there is room, every client has one line, however long its name is.
        if (width >= 100)
            Assert.Equal(2 + 2, lines.Length);
    }

    [Theory]
    [InlineData("Select-Object Name, Tag")]
    [InlineData("Select-Object Name, Tag | Format-Table")]
    [InlineData("Select-Object Name, Tag | Format-List")]
    [InlineData("Format-Table Name, Tag")]
    public void Shows_selected_tags_as_keys_and_values(string selection)
    {
        string client = _account.Seed("""{"name":"a","tags":{"env":"prod","note":"x;y"}}""");
        Assert.Contains(@"{env=prod, note=x\;y}", _account.Shell.Show($"Get-AuthressServiceClient {client} | {selection}"), StringComparison.Ordinal);
        Assert.Equal(@"""a"",""env=prod;note=x\;y""", _account.Run($"Get-AuthressServiceClient {client} | Select-Object Name, Tag | ConvertTo-Csv").Ok().Output[^1].ToString());
        Assert.Equal("""{"Name":"a","Tag":{"env":"prod","note":"x;y"}}""", _account.Run($"Get-AuthressServiceClient {client} | Select-Object Name, Tag | ConvertTo-Json -Compress").Ok().Single.ToString());
    }

    [Fact]
    public void Shows_the_number_of_keys_and_their_limit()
    {
        string client = _account.Seed();
        _account.Server.IssueAccessKey(client);
        _account.Server.IssueAccessKey(client);
        Assert.Contains("2/5", _account.Shell.Show($"Get-AuthressServiceClient {client}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_keys_blank_where_the_list_has_none()
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = true });
        using Shell shell = new();
        shell.Connect(server.ApiUrl, server.AccessKey);
        Assert.DoesNotContain("/5", shell.Show("Get-AuthressServiceClient"), StringComparison.Ordinal);
        Assert.Null(shell.Run("Get-AuthressServiceClient").Ok().Single.Properties["AccessKey"].Value);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Shows_every_id_whole_at_every_width(string type, int width, int length)
    {
        string clientId = "sc_" + new string('c', length - 3);
        string keyId = new('k', length == 64 ? 64 : 6);
        _account.Run($"$shown = [pscustomobject]@{{ PSTypeName = '{type}'; ClientId = '{clientId}'; KeyId = '{keyId}'; AccountId = 'acc-{new string('a', 28)}'; Name = '{new string('n', 60)}'; ClientName = '{new string('n', 60)}'; GenerationDate = [datetimeoffset]::UtcNow; ApiUrl = 'https://api.example.com'; Message = '{new string('m', 60)}' }}; $shown.PSObject.TypeNames.Insert(1, '{Base(type)}')").Ok();
        string[] lines = Lines((string)_account.Run($"$shown | Format-Table | Out-String -Width {width}").Ok().Single.BaseObject);
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));

        // Its ids stand below the name.
        if (type.EndsWith(".AccessKeyFinding", StringComparison.Ordinal))
        {
            Assert.Equal($"{new string('n', 45)}…{clientId}{keyId}", Column(lines, "About").Replace(" ", string.Empty, StringComparison.Ordinal));
            Assert.True(length > 26 || (lines.Any(line => line.Contains(clientId, StringComparison.Ordinal)) && lines.Any(line => line.Contains(keyId, StringComparison.Ordinal))));
            return;
        }

        Assert.Equal(clientId, Column(lines, "ClientId"));
        if (length < width && type.EndsWith(".ServiceClient", StringComparison.Ordinal))
            Assert.Contains(lines, line => line.Contains(clientId, StringComparison.Ordinal));
        if (!type.EndsWith(".ServiceClient", StringComparison.Ordinal) && !type.EndsWith("Rotation", StringComparison.Ordinal))
            Assert.Equal(keyId, Column(lines, "KeyId"));
        if (length == 26)
            Assert.Contains(lines, line => line.Contains(clientId, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Shows_the_same_in_every_mode_of_the_language(string type)
    {
        string client = _account.Seed("""{"name":"billing","tags":{"env":"prod"},"options":{"grantTokenGeneration":true}}""");
        _account.Server.IssueAccessKey(client);
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("text", _account.Server.AccessKey);
        object value = _account.Run(type.Split('.')[^1] switch
        {
            "ServiceClient" => $"Get-AuthressServiceClient {client}",
            "AccessKey" => $"Get-AuthressAccessKey {client}",
            "IssuedAccessKey" => $"New-AuthressAccessKey {client}",
            "PlainTextAccessKey" => $"New-AuthressAccessKey {client} -AsPlainText",
            "AccessToken" => "Get-AuthressAccessToken",
            "PlainTextAccessToken" => "Get-AuthressAccessToken -AsPlainText",
            "Connection" => "Get-AuthressConnection",
            "AccessKeyRotation" => $"Get-AuthressAccessKey {client} | Start-AuthressAccessKeyRotation -OutFile '{Path.Combine(_account.Folder, "held.key")}'",
            "AccessKeyFinding" => $"Get-AuthressAccessKeyReport | Where-Object ClientId -EQ {client}",
            "ConnectionTestResult" => "Test-AuthressConnection",
            "AccessKeyTestResult" => "Test-AuthressAccessKey $key",
            "AccessKeySighting" => "$text | Find-AuthressAccessKey",
            var other => throw new NotSupportedException($"The format file has a view of {other}: make one here."),
        }).Ok().Single;
        _account.Shell.Set("shown", type.StartsWith("Deserialized.", StringComparison.Ordinal) ? Shell.Deserialized(value) : value);
        const string all = "$shown | Out-String; $shown | Format-Table | Out-String; $shown | Format-List | Out-String";
        string[] free = [.. _account.Run(all).Ok().Output.Select(text => text.ToString())];
        Assert.All(free, text => Assert.Matches("sc_[A-Za-z0-9]+", text));
        Assert.Equal(free, _account.Run("Set-StrictMode -Version Latest; " + all).Ok().Output.Select(text => text.ToString()));
        Assert.Empty(_account.Run("$shown | ConvertTo-Json").Ok().Warnings);
        _account.Run("$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'").Ok();
        Assert.Equal(free, _account.Run(all).Ok().Output.Select(text => text.ToString()));
    }

    [Fact]
    public void Shows_times_as_UTC_typed_and_deserialized()
    {
        string client = _account.Seed();
        _account.Server.IssueAccessKey(client);
        ShellResult result = _account.Run($$"""
            $client = Get-AuthressServiceClient {{client}}
            $key = Get-AuthressAccessKey {{client}}
            foreach ($one in $client, $key) {
                $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($one))
                $one.AuthressView.Of.CreatedTime + $one.AuthressView.Of.ExactGenerationDate
                $copy.AuthressView.Of.CreatedTime + $copy.AuthressView.Of.ExactGenerationDate
            }
            $client.CreatedTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'"), $key.AuthressView.Of.GenerationDate, $key.GenerationDate.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'")
            """).Ok();
        string[] shown = [.. result.Output.Select(one => one.ToString())];
        Assert.Equal((string[])[shown[4], shown[4], shown[2], shown[6]], (string[])[shown[0], shown[1], shown[3], shown[5]]);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$", shown[2]);
    }

    [Fact]
    public void Shows_the_times_of_a_rotation_as_UTC_typed_and_deserialized()
    {
        PSObject rotation = _account.Run($"Start-AuthressAccessKeyRotation {_account.Seed()} -OutFile '{Path.Combine(_account.Folder, "held.key")}'").Ok().Single;
        foreach (object shown in (object[])[rotation, Shell.Deserialized(rotation)])
        {
            _account.Shell.Set("shown", shown);
            string list = _account.Shell.Show("$shown | Format-List");
            Assert.All((string[])["DueTime", "StepTime"], time => Assert.Matches($@"{time} +: \d{{4}}-\d\d-\d\d \d\d:\d\dZ", list));
        }
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
    public void Shows_an_age_in_words_and_marks_a_stale_key(string age, string shown) =>
        Assert.Contains($"Age            : {shown}\n", Old(age).Replace("\r", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void Colours_a_stale_key_only_where_there_is_colour()
    {
        Assert.DoesNotContain("\u001b", Old("800.0:0:0"), StringComparison.Ordinal);
        Assert.Equal("\u001b[33m2 years !\u001b[0m", _account.Run("$PSStyle.Formatting.Warning = \"`e[33m\"; $old.AuthressView.Of.Age; $PSStyle.Formatting.Warning = \"`e[33;1m\"").Ok().Single.BaseObject);
    }

    [Fact]
    public void Shows_deserialized_objects_in_the_same_way()
    {
        string client = _account.Seed("""{"name":"billing","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}]}""");
        _account.Server.IssueAccessKey(client);
        PSObject original = _account.Fetch(client);
        _account.Shell.Set("original", original);
        _account.Shell.Set("copy", Shell.Deserialized(original));
        Assert.Equal(_account.Shell.Show("$original"), _account.Shell.Show("$copy"));
        Assert.Contains("env=prod", _account.Shell.Show("$copy"), StringComparison.Ordinal);
    }

    // The names that an object's types go by come after its own.
    private static string Base(string type) => type.Replace("IssuedAccessKey", "AccessKey", StringComparison.Ordinal).Replace("PlainTextAccessKey", "AccessKey", StringComparison.Ordinal);

    private string Old(string age)
    {
        _account.Run($"$old = [pscustomobject]@{{ PSTypeName = 'Deserialized.Authress.AccessKey'; GenerationDate = [datetimeoffset]::UtcNow - [timespan]'{age}' }}").Ok();
        return _account.Shell.Show("$old | Format-List");
    }

    // The text of a column, put together again where it takes several lines.
    private static string Column(string[] lines, string label)
    {
        int start = lines[0].IndexOf(label, StringComparison.Ordinal);
        Assert.True(start >= 0, lines[0]);
        int rule = Array.FindIndex(lines, line => line.StartsWith("---", StringComparison.Ordinal));
        int next = lines[rule].IndexOf(" -", start, StringComparison.Ordinal) + 1;
        return string.Concat(lines.Skip(rule + 1).Select(line => line.PadRight(200)[start..(next == 0 ? 200 : next)].Trim()));
    }

    private Shell Connected(int width)
    {
        Shell shell = new(width);
        shell.Connect(_account.Server.ApiUrl, _account.Server.AccessKey);
        return shell;
    }

    private static IEnumerable<string> TypesOf(XElement part) => part.Descendants("ViewSelectedBy").SelectMany(selected => selected.Elements("TypeName")).Select(name => name.Value).Distinct();

    private static string[] Lines(string text) => [.. text.Split('\n').Where(line => line.Trim().Length > 0)];
}
