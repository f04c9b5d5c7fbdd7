namespace Authress.PowerShell.Tests.Playground;

/// <summary>The commands that the embedded engine brings along behave as PowerShell's own.</summary>
public sealed class EmbeddedCommandTests(EmbeddedCommandTests.Answers answers) : IClassFixture<EmbeddedCommandTests.Answers>
{
    private const string People =
        "$people = foreach ($pair in @('Zoe', 3), @('adam', 20), @('Eve', 3)) { [pscustomobject]@{ Name = $pair[0]; Age = $pair[1]; Tags = @($pair[1], 'x') } }\n";

    /// <summary>A script in a shell, and the text that PowerShell's own commands make of it.</summary>
    public static readonly TheoryData<string, string> Scripts = new()
    {
        { "(1..9 | Select-Object -First 2) -join ','", "1,2" },
        { "(1..9 | Select-Object -Skip 1 -First 2) -join ','", "2,3" },
        { "(1..9 | Select-Object -Last 2) -join ','", "8,9" },
        { "(1..9 | Select-Object -First 0) -join ','", "" },
        { "($people | Select-Object -ExpandProperty Name) -join ','", "Zoe,adam,Eve" },
        { "($people | Select-Object -First 1 | Select-Object -ExpandProperty Tags) -join ','", "3,x" },
        { "\"$($people[0] | Select-Object Name, Missing)\"", "@{Name=Zoe; Missing=}" },
        { "\"$($people[0] | Select-Object N*, @{ n = 'Old'; e = { $_.Age -gt 5 } })\"", "@{Name=Zoe; Old=False}" },
        { "$seen = 0; $null = 1..9 | ForEach-Object { $seen++; $_ } | Select-Object -First 3; $seen", "3" },
        { "(3, 20, 1 | Sort-Object) -join ','", "1,3,20" },
        { "(3, 20, 1 | Sort-Object -Descending) -join ','", "20,3,1" },
        { "('b', 'A', 'b' | Sort-Object -Unique) -join ','", "A,b" },
        { "($people | Sort-Object Age, Name).Name -join ','", "Eve,Zoe,adam" },
        { "($people | sort-object { $_.Name.Length }).Name -join ','", "Zoe,Eve,adam" },
        { "Write-Output 1 2 3 | ForEach-Object { $_ * 2 } | Select-Object -Last 1", "6" },
        { "(ConvertTo-SecureString 'abc' -AsPlainText -Force).Length", "3" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_command_that_was_brought_along_does_what_PowerShells_own_does(string script, string output) =>
        Assert.Equal(output, answers.Of(script));

    [Fact]
    public async Task Write_Host_writes_to_the_console_and_not_into_the_pipeline()
    {
        PlaygroundResult result = await PlaygroundProcess.RunCommandAsync("$null = Write-Host a, 2 b -Separator '-'; Write-Host 'c' -NoNewline -ForegroundColor Red; Write-Host 'd'");

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(["a-2-b", "cd"], result.Lines);
    }

    [Fact]
    public async Task Format_List_and_Format_Table_format_with_the_engines_own_formatter()
    {
        PlaygroundResult result = await PlaygroundProcess.RunCommandAsync(
            People + "$people | Format-List Name, Age; $people | Format-Table Age, Name -HideTableHeaders; $people | fl | Out-Null");

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(["Name : Zoe", "Age  : 3", "Name : adam", "Age  : 20", "Name : Eve", "Age  : 3", "3 Zoe", "20 adam", "3 Eve"], result.Lines);
    }

    [Fact]
    public async Task A_missing_command_is_answered_with_where_to_get_PowerShell()
    {
        PlaygroundResult result = await PlaygroundProcess.RunCommandAsync("Get-Date -Format o; 'after'");

        Assert.StartsWith("Get-Date:", result.Error, StringComparison.Ordinal);
        Assert.Contains("https://aka.ms/install-powershell", result.Error.ReplaceLineEndings(string.Empty), StringComparison.Ordinal);
        Assert.Equal(["after"], result.Lines);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task No_alias_leads_nowhere()
    {
        PlaygroundResult result = await PlaygroundProcess.RunCommandAsync(
            // Without the modules of this machine, whose aliases may well lead nowhere in an engine that has half of PowerShell.
            "$env:PSModulePath = ''; Get-Command -CommandType Alias | Where-Object { -not $_.ResolvedCommand } | ForEach-Object Name");

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(string.Empty, result.Output);
    }

    [Fact]
    public async Task The_width_of_tables_follows_COLUMNS()
    {
        PlaygroundResult result = await PlaygroundProcess.RunAsync(
            new Dictionary<string, string> { ["COLUMNS"] = "60" }, "-Engine", "Embedded", "-Command", "[pscustomobject]@{ Text = 'x' * 200; Other = 1 }");

        Assert.InRange(result.Lines.Max(line => line.Length), 40, 60);
    }

    [Fact]
    public async Task Wide_characters_take_two_cells_of_a_table()
    {
        PlaygroundResult result = await PlaygroundProcess.RunCommandAsync(
            "[pscustomobject]@{ Name = 'abcd'; Next = 'here' }, [pscustomobject]@{ Name = '請求'; Next = 'here' }");

        int[] places = [.. result.Lines.Where(line => line.Contains("here", StringComparison.Ordinal)).Select(line => line.IndexOf("here", StringComparison.Ordinal))];
        Assert.Equal(2, places.Length);
        Assert.Equal(places[0] - 2, places[1]);
    }

    /// <summary>What the scripts answer, all asked in one process, for a process costs a second.</summary>
    public sealed class Answers : IAsyncLifetime
    {
        private readonly Dictionary<string, string> _answers = [];

        internal string Of(string script) => _answers[script];

        public async ValueTask InitializeAsync()
        {
            string[] scripts = [.. Scripts.Select(row => row.Data.Item1)];
            string all = People + string.Join('\n', scripts.Select((script, index) => $"\"{index}:$(& {{ {script} }})\""));

            PlaygroundResult result = await PlaygroundProcess.RunCommandAsync(all);

            Assert.Equal(string.Empty, result.Error);
            for (int index = 0; index < scripts.Length; index++)
                _answers.Add(scripts[index], result.Lines[index][$"{index}:".Length..]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
