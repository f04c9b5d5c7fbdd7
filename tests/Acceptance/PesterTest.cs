namespace Authress.Acceptance.Tests;

/// <summary>What became of one Pester test.</summary>
/// <param name="Name">Its file, and its path of Describe, Context and It.</param>
/// <param name="Failure">The error and where it occurred; null where it did not fail.</param>
/// <param name="SkipReason">Why it was skipped; null where it was not.</param>
public sealed record PesterTest(string Name, string? Failure, string? SkipReason);
