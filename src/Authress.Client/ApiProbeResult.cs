namespace Authress.Client;

/// <summary>The result of a connection test.</summary>
/// <param name="StatusCode">The HTTP status of the response.</param>
/// <param name="Latency">How long the call took.</param>
/// <param name="IsJson">Whether the response says that it is JSON, as the API's own do.</param>
/// <param name="ClockSkew">How far this machine's clock is ahead of the server's, in whole seconds.</param>
public sealed record ApiProbeResult(int StatusCode, TimeSpan Latency, bool IsJson, TimeSpan? ClockSkew);
