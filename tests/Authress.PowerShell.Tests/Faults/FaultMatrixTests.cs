using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Every operation under every fault: what the user is told, and what the account holds.</summary>
public sealed class FaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
{
    private const string Rewrite = "AUTHRESS_WRITE_FAULTS";

    private static readonly string DocumentFile = Path.Combine(Shell.RepositoryRoot, "docs", "faults.md");

    public static TheoryData<string> Names => [.. FaultMatrix.Cells.Select(cell => cell.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ends_as_the_rules_say(string name)
    {
        Cell cell = FaultMatrix.Cells.Single(cell => cell.Name == name);
        Observation seen = await matrix.Observed(cell);
        Assert.Empty(seen.Problems);
        Assert.Equal(Rules.For(cell.Operation, cell.Fault, cell.Always), seen.Outcome);
    }

    [Fact]
    public void Every_fault_of_the_emulator_is_in_the_table() => Assert.Equal(
        typeof(Emulator.Faults.Fault).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Emulator.Faults.Fault)) && !type.IsAbstract).Select(type => type.Name).Order(),
        FaultCases.All.Where(fault => fault.Fault is not null).Select(fault => fault.Fault!.GetType().Name).Distinct().Order());

    [Fact]
    public void A_fault_that_is_left_out_once_is_tried_always_or_the_other_way_round() => Assert.All(
        FaultCases.All, fault => Assert.Contains(FaultMatrix.Cells, cell => cell.Fault == fault));

    [Fact]
    public async Task The_document_says_what_was_observed()
    {
        Dictionary<Cell, Observation> observed = [];
        foreach (Cell cell in FaultMatrix.Cells)
            observed.Add(cell, await matrix.Observed(cell));
        string document = FaultDocument.Write(observed, Rewrite);
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(DocumentFile, document);
        Assert.Equal(await File.ReadAllTextAsync(DocumentFile), document, ignoreLineEndingDifferences: true);
    }
}
