namespace Authress.Chaos.Rotations;

/// <summary>Where the process of a rotation is killed.</summary>
public enum KillMoment
{
    /// <summary>As a request arrives, before it is carried out.</summary>
    BeforeRequest,

    /// <summary>When a request has been carried out, before its response arrives.</summary>
    AfterRequest,

    /// <summary>As soon as the journal shows another step.</summary>
    AtStep,

    /// <summary>At a random time.</summary>
    AtRandom,
}

/// <summary>One rotation that is killed.</summary>
/// <param name="Manifest">The module's manifest.</param>
/// <param name="Vaults">The manifest of the vaults' module, which keeps secrets in a folder.</param>
/// <param name="Destination"><c>file</c> or <c>vault</c>.</param>
/// <param name="WithoutJournal">Whether the record stands beside the destination.</param>
/// <param name="Moment">Where it is killed.</param>
/// <param name="Number">The number of the request or the step, or the milliseconds since the first request.</param>
public sealed record KillOptions(string Manifest, string Vaults, string Destination, bool WithoutJournal, KillMoment Moment, int Number);

/// <summary>What a kill left, and what the next run made of it.</summary>
/// <param name="LastStep">The last step that the record had at the kill; null for none.</param>
/// <param name="IsKilled">Whether the process was killed before it ended by itself.</param>
/// <param name="KeysLeft">How many keys more than before the client had at the kill.</param>
/// <param name="Findings">What is wrong; empty if the invariant held.</param>
public sealed record KillResult(string? LastStep, bool IsKilled, int KeysLeft, IReadOnlyList<string> Findings);
