using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Authress.Emulator;

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
    public void Refuses_arguments_that_are_none(params string[] arguments) =>
        Assert.NotEmpty(CommandLine.Create((_, _) => Task.FromResult(0)).Parse(arguments).Errors);

    [Fact]
    public async Task Ends_with_2_and_how_it_is_used_where_the_arguments_are_wrong()
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
    public async Task Ends_with_1_and_says_so_where_the_port_is_taken()
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
