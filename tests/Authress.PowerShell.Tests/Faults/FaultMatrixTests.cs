using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Every operation under every fault: what the cmdlet reports, and what the account holds.</summary>
public sealed class FaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
{
    private const string Rewrite = "AUTHRESS_WRITE_FAULTS";

    private static readonly string DocumentFile = Path.Combine(Shell.RepositoryRoot, "docs", "faults.md");

    public static TheoryData<string> Names => [.. FaultMatrix.Runs.Select(run => run.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_run_ends_with_the_expected_outcome(string name)
    {
        MatrixRun run = FaultMatrix.Runs.Single(run => run.Name == name);
        Observation seen = await matrix.Observed(run);
        Assert.Empty(seen.Problems);
        Assert.Equal(ExpectedOutcomes.For(run.Operation, run.Fault, run.Always), seen.Outcome);
    }

    [Fact]
    public void Every_fault_of_the_emulator_is_in_the_table() => Assert.Equal(
        typeof(Emulator.Faults.Fault).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Emulator.Faults.Fault)) && !type.IsAbstract).Select(type => type.Name).Order(),
        FaultCases.All.Where(fault => fault.Fault is not null).Select(fault => fault.Fault!.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_fault_has_a_run() => Assert.All(
        FaultCases.All, fault => Assert.Contains(FaultMatrix.Runs, run => run.Fault == fault));

    [Fact]
    public async Task The_document_matches_the_observations()
    {
        Dictionary<MatrixRun, Observation> observed = [];
        foreach (MatrixRun run in FaultMatrix.Runs)
            observed.Add(run, await matrix.Observed(run));
        string document = FaultDocument.Write(observed, Rewrite);
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(DocumentFile, document);
        Assert.Equal(await File.ReadAllTextAsync(DocumentFile), document, ignoreLineEndingDifferences: true);
    }
}
