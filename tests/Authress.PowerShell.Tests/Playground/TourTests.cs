using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Playground;

public sealed class TourTests(TourTests.Tour tour) : IClassFixture<TourTests.Tour>
{
    [Fact]
    public void The_tour_exits_0_and_leaves_the_error_stream_empty()
    {
        Assert.Equal(string.Empty, tour.Result.Error);
        Assert.Equal(0, tour.Result.ExitCode);
    }

    [Theory]
    [InlineData("New-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient -ClientId")]
    [InlineData("Set-AuthressServiceClient")]
    [InlineData("Remove-AuthressServiceClient -Confirm:$false")]
    [InlineData("New-AuthressAccessKey")]
    [InlineData("Remove-AuthressAccessKey -Confirm:$false")]
    public void The_tour_runs_all_seven_operations(string operation) =>
        Assert.Contains(tour.Result.Lines, line => line.Contains(operation, StringComparison.Ordinal) && !line.Contains("-WhatIf", StringComparison.Ordinal));

    [Fact]
    public void The_tour_shows_WhatIf_before_it_changes_anything()
    {
        string[] steps = [.. tour.Result.Lines.Where(line => line.StartsWith("PS> ", StringComparison.Ordinal))];

        int rehearsal = Array.FindIndex(steps, step => step.Contains("-WhatIf", StringComparison.Ordinal));
        int change = Array.FindIndex(steps, step => step.Contains("New-", StringComparison.Ordinal) && !step.Contains("-WhatIf", StringComparison.Ordinal));
        Assert.InRange(rehearsal, 0, change);
        Assert.Contains("What if:", tour.Result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tour_shows_its_objects_as_a_table() =>
        Assert.Contains(tour.Result.Lines, line => line.Contains("Nightly invoices", StringComparison.Ordinal) && !line.StartsWith("PS>", StringComparison.Ordinal));

    [Fact]
    public void Redirected_output_holds_no_escape_sequence() => Assert.DoesNotContain('\e', tour.Result.Output);

    [Fact]
    public async Task The_tour_never_uses_the_account_in_the_environment()
    {
        await using EmulatorServer account = await EmulatorServer.StartAsync();

        ProcessResult result = await PlaygroundProcess.RunAsync(PlaygroundProcess.Environment(account));

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(account.Requests);
    }

    public sealed class Tour : IAsyncLifetime
    {
        internal ProcessResult Result { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Result = await PlaygroundProcess.RunAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
