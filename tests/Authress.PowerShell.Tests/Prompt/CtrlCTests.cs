using System.Diagnostics;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Prompt;

/// <summary>Ctrl+C while requests are in flight.</summary>
public sealed class CtrlCTests
{
    [Fact]
    public async Task A_slow_list_ends_and_the_prompt_is_back_at_once()
    {
        await using ConnectedPrompt prompt = await ConnectedPrompt.StartAsync();
        prompt.Server.AddFault("GET", "*", new DelayFault(60_000));

        await prompt.EnterAsync("Get-AuthressServiceClient");
        await ArrivalsAsync(prompt, "GET", 1);
        TimeSpan wait = await StopAsync(prompt);

        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("WARNING", prompt.Screen, StringComparison.Ordinal);
        await AssertConnectedAsync(prompt);
    }

    [Fact]
    public async Task A_bulk_run_ends_within_seconds_and_names_what_was_in_flight()
    {
        await using ConnectedPrompt prompt = await ConnectedPrompt.StartAsync();
        string[] ids = [.. prompt.Server.SeedClients(12)];
        prompt.Server.AddFault("DELETE", "*", new DelayFault(4_000) { AfterActing = true }, times: -1);

        await prompt.EnterAsync("Get-AuthressServiceClient -Name client-* | Remove-AuthressServiceClient -Confirm:$false -ThrottleLimit 4");
        await ArrivalsAsync(prompt, "DELETE", 4);
        TimeSpan wait = await StopAsync(prompt);

        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        string screen = prompt.Screen.ReplaceLineEndings(string.Empty);
        string[] gone = [.. ids.Where(id => prompt.Server.FindClient(id) is null)];
        Assert.Equal(4, gone.Length);
        Assert.All(gone, id => Assert.Contains($"Remove-AuthressServiceClient '{id}'", screen, StringComparison.Ordinal));
        Assert.All(ids.Except(gone), id => Assert.DoesNotContain(id, screen, StringComparison.Ordinal));
        await AssertConnectedAsync(prompt);
    }

    private static async Task ArrivalsAsync(ConnectedPrompt prompt, string method, int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (prompt.Server.Requests.Count(request => request.Method == method) < count)
            await Task.Delay(10, limit.Token);
    }

    private static async Task<TimeSpan> StopAsync(ConnectedPrompt prompt)
    {
        long pressed = Stopwatch.GetTimestamp();
        await prompt.TypeAsync(PseudoTerminal.CtrlC);
        await prompt.WaitForPromptAsync();
        return Stopwatch.GetElapsedTime(pressed);
    }

    private static async Task AssertConnectedAsync(ConnectedPrompt prompt)
    {
        prompt.Server.ClearFaults();
        await prompt.EnterAsync("\"works: $((Test-AuthressConnection).Success)\"");
        await prompt.WaitForAsync("works: True");
    }
}
