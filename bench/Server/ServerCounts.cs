namespace Authress.Bench.Server;

/// <summary>The counts of the canned server since its settings were last changed.</summary>
/// <param name="Requests">Requests by route.</param>
/// <param name="Refused">How many of them got a 429.</param>
/// <param name="Done">How many different objects were created or deleted; 0 without a ledger.</param>
/// <param name="DoneTwice">How many of them more than once.</param>
internal sealed record ServerCounts(IReadOnlyDictionary<string, long> Requests, long Refused, int Done, int DoneTwice);
