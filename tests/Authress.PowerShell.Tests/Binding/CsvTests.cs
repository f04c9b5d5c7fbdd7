using System.Globalization;
using System.Management.Automation;
using System.Text;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Binding;

/// <summary>The value that each content of a cell sets, in a new client and in one with a value in every field.</summary>
public sealed class CsvTests(SharedAccount shared) : IClassFixture<SharedAccount>, IAsyncLifetime
{
    private const string Nothing = "(nothing given)";
    private const string Refused = "(refused)";
    private const string Full = """{"name":"kept","tags":{"kept":"yes"},"rateLimits":[{"duration":"P1M","quota":100}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""";

    private static readonly string LongestText = new('n', 128);

    // A cell as PowerShell text, and what the field then is.
    private static readonly (string Cell, string Expected)[] GrantCells =
    [
        ("'true'", "True"), ("'True'", "True"), ("'TRUE'", "True"), ("' true '", "True"), ("'1'", "True"), ("$true", "True"), ("1", "True"), ("[switch]$true", "True"),
        ("1L", "True"), ("1.0", "True"), ("1d", "True"), ("[byte]1", "True"), ("[uint32]1", "True"), ("[bigint]1", "True"), ("$database.Rows[0].One", "True"),
        ("'false'", "False"), ("'False'", "False"), ("'FALSE'", "False"), ("'0'", "False"), ("$false", "False"), ("0", "False"), ("0.0", "False"), ("0d", "False"), ("[byte]0", "False"), ("$database.Rows[0].Zero", "False"),
        ("''", Nothing), ("'  '", Nothing), ("\"`t\"", Nothing), ("$null", Nothing), ("[DBNull]::Value", Nothing), ("$database.Rows[0].Null", Nothing),
        ("'yes'", Refused), ("'no'", Refused), ("'on'", Refused), ("'2'", Refused), ("'-1'", Refused), ("'$true'", Refused), ("'truee'", Refused), ("2", Refused), ("0.5", Refused), ("[double]::NaN", Refused), ("[DayOfWeek]::Monday", Refused), ("@('true')", Refused), ("@{ a = 1 }", Refused),
    ];

    private static readonly (string Cell, string Expected)[] TagCells =
    [
        ("'env=prod'", "env=prod"), ("'env=prod;team=a'", "env=prod;team=a"), ("' env = prod ; team = a '", "env=prod;team=a"), ("'env=prod;'", "env=prod"), ("';;env=prod;;'", "env=prod"),
        ("'a=x\\=y'", "a=x=y"), ("'a=x\\;y'", "a=x;y"), ("'a=x\\\\y'", "a=x\\y"), ("'a\\=b=c'", "a=b=c"), ("'a=\\ x\\ '", "a= x "), ("'env='", "env="), ("'env=été ☃'", "env=été ☃"), ("'Env=1;env=2'", "Env=1;env=2"),
        ("'n=' + 'v' * 128", "n=" + new string('v', 128)), ("'a=x y'", "a=x y"),
        ("@{ env = 'prod' }", "env=prod"), ("[ordered]@{ b = 1; a = $true }", "a=true;b=1"), ("[pscustomobject]@{ env = 'prod'; n = $null }", "env=prod;n="), ("@{ n = 1.5 }", "n=1.5"), ("@{ n = [DBNull]::Value }", "n="), ("@{ d = [datetimeoffset]'2026-12-31T00:00:00+02:00' }", "d=2026-12-31T00:00:00+02:00"),
        ("('{\"d\":\"2026-12-31T00:00:00Z\",\"n\":1.5,\"t\":true,\"u\":\"2026-12-31T10:11:12.25\"}' | ConvertFrom-Json)", "d=2026-12-31T00:00:00Z;n=1.5;t=true;u=2026-12-31T10:11:12.25"), ("$typedTags", "Env=a=b;env=prod"), ("$deserializedTags", "Env=a=b;env=prod"),
        ("''", Nothing), ("'  '", Nothing), ("';'", Nothing), ("$null", Nothing), ("@{}", Nothing), ("[DBNull]::Value", Nothing),
        ("'garbage'", Refused), ("'env=prod;garbage'", Refused), ("'a=b=c'", Refused), ("'=v'", Refused), ("'a=1;a=2'", Refused), ("'a=1; a =2'", Refused), ("7", Refused), ("$true", Refused), ("@('a=b', 'c=d')", Refused),
        ("@{ a = 1, 2 }", Refused), ("@{ a = @{ b = 1 } }", Refused), ("@{ a = [pscustomobject]@{ b = 1 } }", Refused), ("@{ a = (Get-Process -Id $PID) }", Refused), ("@{ a = [securestring]::new() }", Refused), ("@{ a = [System.Collections.DictionaryEntry]::new(1, 2) }", Refused), ("(Get-Process -Id $PID)", Refused), ("[securestring]::new()", Refused), ("@{ '' = 'v' }", Refused), ("$($h = @{ 1 = 'x' }; $h['1'] = 'y'; $h)", Refused), ("'n=' + 'v' * 129", Refused),
    ];

    private static readonly (string Cell, string Expected)[] LimitCells =
    [
        ("'PT5M:1000'", "PT5M:1000"), ("'PT5M'", "PT5M:"), ("'pt5m:1000'", "PT5M:1000"), ("' PT1H : 100 '", "PT1H:100"), ("'P1D:1000000'", "P1D:1000000"), ("'P1M:100000'", "P1M:100000"), ("'PT0S'", "PT0S:"),
        ("@{ Duration = 'PT1H'; Quota = 1000 }", "PT1H:1000"), ("@{ duration = 'pt1h'; quota = '1000' }", "PT1H:1000"), ("@{ Duration = 'PT1H' }", "PT1H:"), ("[ordered]@{ Quota = [long]1000; Duration = 'PT1H' }", "PT1H:1000"),
        ("[pscustomobject]@{ Duration = 'PT1H'; Quota = 1000 }", "PT1H:1000"), ("@('PT5M:1000')", "PT5M:1000"), ("@([pscustomobject]@{ duration = 'PT1H'; quota = 1000 })", "PT1H:1000"), ("@()", Nothing), ("$typedLimit", "P1D:100000"), ("$deserializedLimit", "P1D:100000"),
        ("''", Nothing), ("'  '", Nothing), ("$null", Nothing), ("[DBNull]::Value", Nothing),
        ("'PT5M:99'", Refused), ("'PT5M:1000001'", Refused), ("'PT5M:-100'", Refused), ("'PT5M:'", Refused), ("'PT5M:many'", Refused), ("'PT5M:1,000'", Refused), ("'PT5M:1000.5'", Refused), ("'PT5M:99999999999'", Refused),
        ("'PT2H:1000'", Refused), ("':1000'", Refused), ("'1000'", Refused), ("'PT5M:1000:1'", Refused), ("'garbage'", Refused), ("7", Refused), ("$true", Refused), ("@('PT5M:1000', 'PT1H:100')", Refused),
        ("@{}", Refused), ("@{ Quota = 1000 }", Refused), ("@{ Duration = 'PT1H'; Quota = 1000.5 }", Refused), ("@{ Duration = 'PT1H'; Quota = '' }", Refused), ("@{ Duration = 'PT1H'; Quota = $true }", Refused), ("@{ Duration = 'PT1H'; Quota = 99 }", Refused),
        ("@{ Duration = 'PT1H'; Quota = 1000; Burst = 5 }", Refused),
    ];

    private static readonly (string Cell, string Expected)[] NameCells =
    [
        ("'billing'", "billing"), ("'n' * 128", LongestText), ("7", "7"), ("1.5", "1.5"), ("$true", "true"), ("('{\"d\":\"2026-12-31T00:00:00Z\"}' | ConvertFrom-Json).d", "2026-12-31T00:00:00Z"), ("'Ünïcödé ☃ \"q\"'", "Ünïcödé ☃ \"q\""), ("''", Nothing), ("$null", Nothing), ("[DBNull]::Value", Nothing),
        ("'n' * 129", Refused), ("@('a', 'b')", Refused), ("@{ a = 1 }", Refused), ("[pscustomobject]@{ a = 1 }", Refused), ("(Get-Process -Id $PID)", Refused), ("[securestring]::new()", Refused), ("[pscredential]::new('x', [securestring]::new())", Refused),
    ];

    private readonly Account _account = shared.Account;

    public static TheoryData<string, string, string> Matrix
    {
        get
        {
            TheoryData<string, string, string> matrix = [];
            foreach ((string column, (string Cell, string Expected)[] cells) in (ReadOnlySpan<(string, (string, string)[])>)
                [("GrantUserPermissionsAccess", GrantCells), ("GrantTokenGeneration", GrantCells), ("Tag", TagCells), ("RateLimit", LimitCells), ("Name", NameCells)])
            {
                foreach ((string cell, string expected) in cells)
                    matrix.Add(column, cell, expected);
            }

            return matrix;
        }
    }

    public async ValueTask InitializeAsync()
    {
        await _account.Server.ResetAsync(TestContext.Current.CancellationToken);
        _account.InOrder();

        // A row as a database returns it.
        _account.Run("$database = [System.Data.DataTable]::new(); $null = $database.Columns.Add('One', [decimal]), $database.Columns.Add('Zero', [int16]), $database.Columns.Add('Null', [double]); $null = $database.Rows.Add(1, 0, [DBNull]::Value)").Ok();
        PSObject client = _account.Fetch(_account.Seed("""{"tags":{"env":"prod","Env":"a=b"},"rateLimits":[{"duration":"P1D","quota":100000}]}"""));
        foreach ((string name, string property) in (ReadOnlySpan<(string, string)>)[("Tags", "Tag"), ("Limit", "RateLimit")])
        {
            object value = client.Properties[property].Value;
            _account.Shell.Set("typed" + name, value);
            _account.Shell.Set("deserialized" + name, Shell.Deserialized(value));
        }

        await _account.Server.ResetAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Matrix))]
    public void A_cell_of_a_new_client(string column, string cell, string expected)
    {
        // A name keeps the row from being empty.
        string name = column == "Name" ? "Tag = 'cell=case'" : "Name = 'case'";
        ShellResult result = _account.Run(
            $"[pscustomobject]@{{ Name = 'before' }}, [pscustomobject]@{{ {name}; {column} = {cell} }}, [pscustomobject]@{{ Name = 'after'; {column} = {(column == "Name" ? "'after'" : "''")} }} | New-AuthressServiceClient"
                .Replace("Name = 'after'; Name", "Name", StringComparison.Ordinal));
        ServiceClientSnapshot[] made = [.. _account.Server.Clients.Where(client => client.ClientId != _account.Server.AdminClientId)];
        Assert.Equal("before", made[0].Name);
        Assert.Equal(("after", "", "", false, false), (made[^1].Name, Field(made[^1], "Tag"), Field(made[^1], "RateLimit"), made[^1].GrantUserPermissionsAccess, made[^1].GrantTokenGeneration));
        if (expected == Refused)
        {
            AssertRefused(result, column);
            Assert.Equal(2, made.Length);
            Assert.Equal(2, _account.Changes.Count);
            return;
        }

        result.Ok();
        Assert.Equal(3, made.Length);
        Assert.Equal(expected == Nothing ? Empty(column) : expected, Field(made[1], column));
        Assert.Equal(expected != Nothing, _account.Changes[1].Body.Contains(Member(column), StringComparison.Ordinal));
        foreach (string other in (string[])["GrantUserPermissionsAccess", "GrantTokenGeneration", "RateLimit"])
        {
            if (other != column)
                Assert.Equal(Empty(other), Field(made[1], other));
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void A_cell_of_an_update(string column, string cell, string expected)
    {
        string[] ids = [_account.Seed(Full), _account.Seed(Full), _account.Seed(Full)];
        _account.Server.ClearRequests();
        ShellResult result = _account.Run(
            $"[pscustomobject]@{{ ClientId = '{ids[0]}'; Name = 'changed' }}, [pscustomobject]@{{ ClientId = '{ids[1]}'; {column} = {cell} }}, [pscustomobject]@{{ ClientId = '{ids[2]}'; RateLimit = 'PT5M' }} | Set-AuthressServiceClient");
        ServiceClientSnapshot[] after = [.. ids.Select(id => _account.Server.FindClient(id)!)];
        Assert.Equal("changed", after[0].Name);
        Assert.Equal("PT5M:", Field(after[2], "RateLimit"));
        if (expected == Refused)
        {
            AssertRefused(result, column);
            Assert.DoesNotContain(_account.Server.Requests, request => request.Target.Contains(ids[1], StringComparison.Ordinal));
        }
        else
        {
            result.Ok();
        }

        foreach ((string field, string before) in (ReadOnlySpan<(string, string)>)[("Name", "kept"), ("Tag", "kept=yes"), ("RateLimit", "P1M:100"), ("GrantUserPermissionsAccess", "True"), ("GrantTokenGeneration", "True")])
            Assert.Equal(field == column && expected is not (Refused or Nothing) ? expected : before, Field(after[1], field));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Name = ''; Tag = ''; GrantUserPermissionsAccess = ''; GrantTokenGeneration = ''; RateLimit = '' }")]
    [InlineData("[pscustomobject]@{ Name = ''; Tag = $null; GrantUserPermissionsAccess = $null; GrantTokenGeneration = $null; RateLimit = $null }")]
    [InlineData("[pscustomobject]@{ Name = '' }")]
    public void A_spreadsheets_empty_line_makes_no_client(string row)
    {
        ShellResult result = _account.Run($"{row}, [pscustomobject]@{{ Name = 'after' }} | New-AuthressServiceClient");
        Assert.Equal("NothingGiven", result.ErrorId);
        Assert.IsType<PSObject>(result.Errors[0].TargetObject);
        Assert.Equal(["after"], result.Get("Name"));
        Assert.Single(_account.Changes);
    }

    [Fact]
    public void A_line_without_values_changes_nothing()
    {
        string id = _account.Seed(Full);
        _account.Run($"[pscustomobject]@{{ ClientId = '{id}'; Name = ''; Tag = ''; GrantUserPermissionsAccess = ''; GrantTokenGeneration = ''; RateLimit = ''; CreatedTime = ''; AccessKey = '' }} | Set-AuthressServiceClient").Ok();
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void A_whole_row_fills_every_field()
    {
        string id = _account.Run("[pscustomobject]@{ Name = 'n'; Tag = 'env=prod'; GrantUserPermissionsAccess = 'TRUE'; GrantTokenGeneration = '1'; RateLimit = 'pt1h:1000' } | New-AuthressServiceClient").Ok().Single.ToString();
        ServiceClientSnapshot made = _account.Server.FindClient(id)!;
        Assert.Equal(("n", "env=prod", "True", "True", "PT1H:1000"), (made.Name, Field(made, "Tag"), Field(made, "GrantUserPermissionsAccess"), Field(made, "GrantTokenGeneration"), Field(made, "RateLimit")));
    }

    [Fact]
    public void An_exported_client_is_equal_after_its_import()
    {
        Random random = new(20_260_713);
        List<string> ids = [];
        List<string> originals = [];
        for (int i = 0; i < 200; i++)
        {
            string id = _account.Seed(RandomClient(random));
            originals.Add(Describe(_account.Server.FindClient(id)!));
            ids.Add(id);
        }

        _account.Shell.Set("file", Path.Combine(_account.Folder, "clients.csv"));
        IReadOnlyList<PSObject> rows = _account.Run("$input | Get-AuthressServiceClient | Export-Csv $file; Import-Csv $file", [.. ids]).Ok().Output;

        // Into new clients.
        ShellResult made = _account.Run("$input | New-AuthressServiceClient", [.. rows]).Ok();
        Assert.Equal(originals, made.Output.Select(client => Describe(_account.Server.FindClient(client.ToString())!)));

        // Into the clients themselves, as they are and after everything was changed.
        _account.Server.ClearRequests();
        _account.Run("$input | Set-AuthressServiceClient", [.. rows]).Ok();
        Assert.Empty(_account.Changes);
        _account.Run("$input | Set-AuthressServiceClient -Name other -Tag @{ all = 'other' } -RateLimit PT0S:777 -GrantUserPermissionsAccess $true -GrantTokenGeneration $true", [.. rows]).Ok();
        _account.Run("$input | ForEach-Object { $_ } | Set-AuthressServiceClient", [.. rows]).Ok();
        for (int i = 0; i < rows.Count; i++)
        {
            // An empty cell leaves the present value.
            ServiceClientSnapshot now = _account.Server.FindClient((string)rows[i].Properties["ClientId"].Value)!;
            string Cell(string column) => (string)rows[i].Properties[column].Value;
            Assert.Equal(Cell("Name") is { Length: > 0 } name ? name : "other", now.Name);
            Assert.Equal(Cell("GrantTokenGeneration"), now.GrantTokenGeneration.ToString());
            if (Cell("Tag").Length == 0)
                Assert.Equal("all=other", Field(now, "Tag"));
        }
    }

    private static void AssertRefused(ShellResult result, string column)
    {
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.False(result.Terminated);
        // PowerShell's id where the binding of the row failed; the module's own where the value is too long.
        Assert.Contains(result.ErrorId, (string[])["ParameterArgumentTransformationError", "InvalidValue"]);
        Assert.Equal(result.ErrorId == "InvalidValue" ? ErrorCategory.InvalidArgument : ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.NotNull(Assert.IsType<PSObject>(error.TargetObject).Properties[column]);
    }

    private static string Field(ServiceClientSnapshot client, string column) => column switch
    {
        "Name" => client.Name ?? string.Empty,
        "Tag" => string.Join(';', client.Tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)),
        "RateLimit" => string.Join(';', client.RateLimits.Select(limit => $"{limit.Duration}:{limit.Quota}")),
        "GrantUserPermissionsAccess" => client.GrantUserPermissionsAccess.ToString(),
        _ => client.GrantTokenGeneration.ToString(),
    };

    private static string Empty(string column) => column.StartsWith("Grant", StringComparison.Ordinal) ? "False" : string.Empty;

    private static string Member(string column) => column switch
    {
        "Name" => "\"name\":",
        "Tag" => "\"tags\":",
        "RateLimit" => "\"rateLimits\":",
        _ => "\"options\":",
    };

    private static string Describe(ServiceClientSnapshot client) =>
        string.Join('\n', client.Name, string.Join('\t', client.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}\v{tag.Value}")), Field(client, "RateLimit"), client.GrantUserPermissionsAccess, client.GrantTokenGeneration);

    private static string RandomClient(Random random)
    {
        Dictionary<string, string> tags = [];
        for (int i = random.Next(4); i > 0; i--)
            tags[RandomText(random, 1, 12)] = RandomText(random, 0, 128);
        StringBuilder json = new();
        json.Append(CultureInfo.InvariantCulture, $$"""{"name":{{Quote(RandomText(random, 1, 128))}},"tags":{ """);
        json.AppendJoin(',', tags.Select(tag => Quote(tag.Key) + ":" + Quote(tag.Value)));
        json.Append("},\"rateLimits\":[");
        if (random.Next(3) > 0)
            json.Append(CultureInfo.InvariantCulture, $$"""{"duration":"{{((string[])["PT0S", "PT5M", "PT1H", "P1D", "P1M"])[random.Next(5)]}}","quota":{{(random.Next(4) == 0 ? "null" : random.Next(100, 1_000_001).ToString(CultureInfo.InvariantCulture))}}}""");
        json.Append(CultureInfo.InvariantCulture, $$"""],"options":{"grantUserPermissionsAccess":{{(random.Next(2) == 0 ? "true" : "false")}},"grantTokenGeneration":{{(random.Next(2) == 0 ? "true" : "false")}} } }""");
        return json.ToString();
    }

    // The characters with a meaning in a cell, spaces, quotes, and some that are not ASCII.
    private static string RandomText(Random random, int shortest, int longest)
    {
        const string letters = "ab;=\\ ,\"'\t|é☃:$`{}";
        return string.Concat(Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => letters[random.Next(letters.Length)]));
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
