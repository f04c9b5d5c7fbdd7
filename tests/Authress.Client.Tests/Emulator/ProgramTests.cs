using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Emulator;

public class ProgramTests
{
    [Fact]
    public async Task Prints_one_line_of_JSON_when_it_is_ready()
    {
        using Process emulator = Start("--port", "0", "--latency=1");
        string line = (await emulator.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        JsonObject ready = JsonNode.Parse(line)!.AsObject();
        Assert.Equal(["apiUrl", "accountId", "accessKey"], ready.Select(member => member.Key));
        Uri apiUrl = new(ready["apiUrl"]!.GetValue<string>());
        Assert.True(apiUrl.IsLoopback);
        Assert.Contains(ready["accessKey"]!.GetValue<string>(), line, StringComparison.Ordinal);

        using HttpClient http = new() { BaseAddress = apiUrl };
        http.DefaultRequestHeaders.Authorization = new("Bearer", new TokenForge(ready["accessKey"]!.GetValue<string>()).Token(apiUrl));
        using HttpResponseMessage listing = await http.GetAsync("/v1/clients", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, listing.StatusCode);

        if (OperatingSystem.IsWindows())
        {
            emulator.Kill();
            return;
        }

        using Process terminate = Process.Start("kill", ["-TERM", $"{emulator.Id}"]);
        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, emulator.ExitCode);
        Assert.Empty(await emulator.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await emulator.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--prot", "8888")]
    [InlineData("8888")]
    [InlineData("--port")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "1", "--port", "2")]
    [InlineData("--latency", "soon")]
    [InlineData("--data", "")]
    [InlineData("--key-delay", "-1")]
    [InlineData("--key-set-lag", "soon")]
    [InlineData("--keys-per-hour", "1.5")]
    [InlineData("--trust")]
    [InlineData("--trust", "no such file")]
    public void Refuses_invalid_arguments(params string[] arguments) =>
        Assert.NotEmpty(CommandLine.Create((_, _) => Task.FromResult(0)).Parse(arguments).Errors);

    [Fact]
    public void Reads_every_option()
    {
        string folder = Directory.CreateTempSubdirectory("authress-emulator-").FullName;
        try
        {
            string trust = Path.Combine(folder, "issuer.json");
            File.WriteAllText(trust, """{"issuer":"https://i.example","keys":[]}""");
            EmulatorOptions? read = null;
            RootCommand command = CommandLine.Create((options, _) => Task.FromResult((read = options).Port - 1));
            Assert.Equal(0, command.Parse(["--port", "1", "--data", "d", "--latency", "2", "--key-delay", "3", "--key-set-lag", "4", "--keys-per-hour", "5", "--trust", trust, "--trust", trust]).Invoke());
            Assert.Equal(("d", 2.0, 3.0, 4.0, 5), (read!.DataFile, read.Latency.TotalMilliseconds, read.KeyDelay.TotalSeconds, read.KeySetLag.TotalSeconds, read.KeysPerHour));
            Assert.Equal(["https://i.example", "https://i.example"], read.TrustedIssuers.Select(issuer => issuer.Issuer));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Its_page_describes_every_option_and_every_fault_with_its_members()
    {
        string root = typeof(ProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string page = File.ReadAllText(Path.Combine(root, "docs", "emulator.md"));
        RootCommand command = CommandLine.Create((_, _) => Task.FromResult(0));
        Assert.All(command.Options.Where(option => option is not (HelpOption or VersionOption)), option => Assert.Contains($"`{option.Name} ", page, StringComparison.Ordinal));
        foreach (Type fault in typeof(Fault).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType))
        {
            string row = Assert.Single(page.Split('\n'), line => line.StartsWith($"| `{FaultJson.KindOf(fault)}` |", StringComparison.Ordinal));
            Assert.Contains(FaultJson.KindOf(fault), command.Description!, StringComparison.Ordinal);
            foreach (PropertyInfo member in fault.GetProperties().Where(member => member.GetCustomAttribute<JsonIgnoreAttribute>() is null))
            {
                Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}`", row, StringComparison.Ordinal);
                if (member.PropertyType.IsEnum)
                    Assert.All(Enum.GetNames(member.PropertyType), value => Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(value)}`", row, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Takes_over_the_data_file_of_a_killed_process_and_not_of_a_running_one()
    {
        string folder = Directory.CreateTempSubdirectory("authress-emulator-").FullName;
        try
        {
            string data = Path.Combine(folder, "account.json");
            using Process first = Start("--data", data);
            string ready = (await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;

            using Process second = Start("--data", data);
            string error = await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await second.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1, second.ExitCode);
            Assert.Contains(data, error, StringComparison.Ordinal);
            Assert.Single(error.Trim().Split('\n'));

            first.Kill();
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
            using Process third = Start("--data", data);
            string again = (await third.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            third.Kill();
            await third.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(JsonNode.Parse(ready)!["accessKey"]!.GetValue<string>(), JsonNode.Parse(again)!["accessKey"]!.GetValue<string>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Exits_with_2_and_its_usage_after_invalid_arguments()
    {
        using Process emulator = Start("--prot", "8888");
        string error = await emulator.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, emulator.ExitCode);
        Assert.Contains("--prot", error, StringComparison.Ordinal);
        Assert.Contains("Usage:", error, StringComparison.Ordinal);
        Assert.Empty(await emulator.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Exits_with_1_and_an_error_if_the_port_is_in_use()
    {
        await using EmulatorSession other = await EmulatorSession.StartAsync();
        using Process emulator = Start("--port", $"{other.Server.ApiUrl.Port}");
        string error = await emulator.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, emulator.ExitCode);
        Assert.Contains($"{other.Server.ApiUrl.Port}", error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", [typeof(EmulatorServer).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
