namespace Authress.Bench.Server;

/// <summary>The settings of the canned server.</summary>
/// <param name="LatencyMilliseconds">The delay of every response.</param>
/// <param name="RefusedPercent">The percentage of requests that get a 429.</param>
/// <param name="ListedClients">How many clients the list has.</param>
/// <param name="KeepsLedger">Whether to count creations and deletions. Off by default, because counting takes time.</param>
internal sealed record ServerSettings(int LatencyMilliseconds = 0, int RefusedPercent = 0, int ListedClients = 1000, bool KeepsLedger = false);
