namespace Authress.Bench.Server;

/// <summary>How the canned server responds, until other settings are posted.</summary>
/// <param name="LatencyMilliseconds">How long every response waits.</param>
/// <param name="RefusedPercent">How many of a hundred requests get a 429.</param>
/// <param name="ListedClients">How many clients the list has.</param>
/// <param name="KeepsLedger">Whether it is noted what was created and deleted. Off, so that no measurement pays for it, unless it is checked.</param>
internal sealed record ServerSettings(int LatencyMilliseconds = 0, int RefusedPercent = 0, int ListedClients = 1000, bool KeepsLedger = false);
