namespace Authress.Bench.Server;

/// <summary>How the canned server answers until it is told otherwise.</summary>
/// <param name="LatencyMilliseconds">How long every answer waits.</param>
/// <param name="RefusedPercent">How many of a hundred requests are answered 429.</param>
/// <param name="ListedClients">How many clients the list has.</param>
/// <param name="KeepsLedger">Whether it is noted what was created and deleted. Off, so that no measurement pays for it, unless it is checked.</param>
internal sealed record ServerSettings(int LatencyMilliseconds = 0, int RefusedPercent = 0, int ListedClients = 1000, bool KeepsLedger = false);
