using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Playground;

public sealed class ScriptTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"authress playground {Guid.NewGuid():n}.ps1");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_command_shows_its_output_as_a_table_and_exits_0()
    {
        ProcessResult result = await PlaygroundProcess.RunCommandAsync(
            "New-AuthressServiceClient -Name demo -Tag @{ env = 'test' }; Get-AuthressServiceClient");

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Lines, line => line.StartsWith("ClientId", StringComparison.Ordinal) && line.Contains("Name", StringComparison.Ordinal));
        Assert.Contains(result.Lines, line => line.Contains("demo", StringComparison.Ordinal) && line.Contains("env=test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_goes_to_the_error_stream_and_exits_1()
    {
        ProcessResult result = await PlaygroundProcess.RunCommandAsync("Get-AuthressServiceClient -ClientId nope; [int]::Parse('no'); 'after'");

        Assert.StartsWith("Get-AuthressServiceClient:", result.Error, StringComparison.Ordinal);
        Assert.Contains("MethodInvocationException:", result.Error, StringComparison.Ordinal);
        Assert.Equal(["after"], result.Lines);
        Assert.Equal(1, result.ExitCode);
    }

    // The formatter holds the rows of a table without a view back for a moment.
    [Theory]
    [InlineData("Get-AuthressServiceClient -ClientId nope", 1, false)]
    [InlineData("throw 'no'", 1, false)]
    [InlineData("exit 3", 3, false)]
    [InlineData("exit 3", 3, true)]
    public async Task Every_row_is_shown_whatever_ends_the_script(string end, int exitCode, bool isFile)
    {
        string script = $"[pscustomobject]@{{ Held = 'row' }}; {end}";
        await File.WriteAllTextAsync(_file, script);

        ProcessResult result = isFile ? await PlaygroundProcess.RunAsync(_file) : await PlaygroundProcess.RunCommandAsync(script);

        Assert.Equal(["Held", "----", "row"], result.Lines);
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Theory]
    [InlineData("throw 'no'", 1)]
    [InlineData("if (", 1)]
    [InlineData("exit 7", 7)]
    [InlineData("Write-Error no; exit 0", 0)]
    [InlineData("Write-Error no -ErrorAction SilentlyContinue", 0)]
    [InlineData("Write-Error no 2>$null", 0)]
    [InlineData("try { throw 'no' } catch { 'handled' }", 0)]
    public async Task The_exit_code_is_1_after_an_error_unless_the_script_sets_its_own(string script, int exitCode)
    {
        ProcessResult result = await PlaygroundProcess.RunCommandAsync(script);

        Assert.Equal(exitCode, result.ExitCode);
        if (exitCode == 1)
            Assert.NotEqual(string.Empty, result.Error);
    }

    [Fact]
    public async Task A_file_is_run_with_its_own_arguments_and_its_own_exit_code()
    {
        await File.WriteAllTextAsync(_file, "param([string] $Name, [switch] $Loud)\n\"$Name $Loud $args\"\n(Get-AuthressConnection).ClientId.Length -gt 0\nexit 5");

        ProcessResult result = await PlaygroundProcess.RunAsync(_file, "-Name", "it's me", "-Loud", "-5");

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(["it's me True -5", "True"], result.Lines);
        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public async Task A_file_that_throws_reports_the_line_and_exits_1()
    {
        await File.WriteAllTextAsync(_file, "'before'\nthrow 'no'\n'after'");

        ProcessResult result = await PlaygroundProcess.RunAsync(_file);

        Assert.Equal(["before"], result.Lines);
        Assert.Contains($"{_file}:2", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task A_confirmation_without_a_terminal_is_an_error()
    {
        await using EmulatorServer account = await EmulatorServer.StartAsync();
        string id = account.SeedClient();

        ProcessResult result = await PlaygroundProcess.RunAsync(PlaygroundProcess.Environment(account), "-Command", $"Remove-AuthressServiceClient {id}");

        Assert.Contains("Remove-AuthressServiceClient: This session can't ask", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
        Assert.NotNull(account.FindClient(id));
    }

    [Fact]
    public async Task Objects_go_through_every_cmdlet_of_a_whole_shell()
    {
        ProcessResult result = await PlaygroundProcess.RunCommandAsync($$$"""
            Get-AuthressServiceClient | Select-Object Name, @{n="Keys";e={$_.AccessKey.Count}} | Export-Csv '{{{_file}}}'; Import-Csv '{{{_file}}}' | Format-Table
            """);

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["Name", "Keys"], result.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(3, result.Lines.Length);
    }

    [Fact]
    public async Task A_script_uses_the_account_in_the_environment_and_reports_it()
    {
        await using EmulatorServer account = await EmulatorServer.StartAsync();
        ProcessResult result = await PlaygroundProcess.RunAsync(PlaygroundProcess.Environment(account), "-Command", "$null = New-AuthressServiceClient -Name mine");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(account.ApiUrl.ToString(), result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(account.AccessKey, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, account.Clients.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", false)]
    [InlineData("localhost:9", false)]
    [InlineData("[::1]:9", false)]
    [InlineData("login.example.com", true)]
    [InlineData("https://localhost.example.com", true)]
    public async Task Only_an_account_on_another_machine_is_called_real(string apiUrl, bool real)
    {
        await using EmulatorServer keySource = await EmulatorServer.StartAsync();
        Dictionary<string, string> environment = PlaygroundProcess.Environment(keySource);
        environment["AUTHRESS_API_URL"] = apiUrl;

        ProcessResult result = await PlaygroundProcess.RunAsync(environment, "-Command", "'ran'");

        Assert.Equal(["ran"], result.Lines);
        Assert.Equal(real, result.Error.Contains("real account", StringComparison.Ordinal));
        Assert.Contains(apiUrl, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_does_not_run_without_a_connection()
    {
        Dictionary<string, string> environment = new() { ["AUTHRESS_API_URL"] = "http://127.0.0.1:9", ["AUTHRESS_KEY"] = "no key at all" };

        ProcessResult result = await PlaygroundProcess.RunAsync(environment, "-Command", "'ran'");

        Assert.Equal(string.Empty, result.Output);
        Assert.DoesNotContain("no key at all", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("-Nonsense")]
    [InlineData("-Command")]
    [InlineData("missing.ps1")]
    [InlineData("-NoTour")]
    public async Task Invalid_arguments_exit_2_and_run_nothing(params string[] arguments)
    {
        ProcessResult result = await PlaygroundProcess.RunAsync(arguments);

        Assert.NotEqual(string.Empty, result.Error);
        Assert.Equal(string.Empty, result.Output);
        Assert.Equal(2, result.ExitCode);
    }
}
