namespace Authress.Client;

/// <summary>What a cheap signed call showed.</summary>
/// <param name="StatusCode">The HTTP status of the answer.</param>
/// <param name="Latency">How long the call took.</param>
/// <param name="ClockSkew">How far this machine's clock is ahead of the server's, which tells whole seconds.</param>
public sealed record ApiProbe(int StatusCode, TimeSpan Latency, TimeSpan? ClockSkew);
