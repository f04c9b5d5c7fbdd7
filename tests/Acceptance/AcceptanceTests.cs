namespace Authress.Acceptance.Tests;

/// <summary>The Pester suite, a result for each of its tests.</summary>
public sealed class AcceptanceTests
{
    public static async Task<IEnumerable<TheoryDataRow<PesterTest>>> Suite()
    {
        IEnumerable<PesterTest> tests = await PesterSuite.RunAsync(TestContext.Current.CancellationToken);
        return tests.Select(test => new TheoryDataRow<PesterTest>(test)
        {
            TestDisplayName = test.Name,
            Label = string.Empty,
            Skip = test.SkipReason,
        });
    }

    [Theory]
    [MemberData(nameof(Suite), DisableDiscoveryEnumeration = true)]
    public void Pester_test_passes(PesterTest test) => Assert.True(test.Failure is null, test.Failure);
}
