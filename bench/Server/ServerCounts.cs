namespace Authress.Bench.Server;

/// <summary>What arrived at the canned server since its settings were last set.</summary>
/// <param name="Requests">Requests by route.</param>
/// <param name="Refused">How many of them got a 429.</param>
/// <param name="Done">How many different things were created or deleted; only where a ledger is kept.</param>
/// <param name="DoneTwice">How many of those more than once.</param>
internal sealed record ServerCounts(IReadOnlyDictionary<string, long> Requests, long Refused, int Done, int DoneTwice);
