using Authress.Chaos;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>
/// A few seconds of what <c>dotnet run -c Release --project bench -- chaos</c> does for as long as requested.
/// </summary>
public sealed class ChaosTests
{
    [Theory]
    [InlineData(1)]
    public async Task Cmdlets_report_under_random_faults_what_the_account_holds(int seed)
    {
        using ChaosRun run = new(new ChaosOptions(Shell.ModuleManifest) { Workers = 6, Operations = 4 });
        ChaosResult result = await run.RoundAsync(seed);
        Assert.True(result.Findings.Count == 0, string.Join(Environment.NewLine, result.Findings));
        Assert.True(result.Faults.Values.Sum() > 20, "Too few faults to show anything.");
    }
}
