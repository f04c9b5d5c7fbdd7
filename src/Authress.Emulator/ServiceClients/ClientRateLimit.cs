namespace Authress.Emulator.ServiceClients;

/// <summary>A rate limit of a service client.</summary>
/// <param name="Duration">An ISO 8601 duration: one of <c>PT0S</c>, <c>PT5M</c>, <c>PT1H</c>, <c>P1D</c>, <c>P1M</c>.</param>
/// <param name="Quota">Requests in that time, 100 to 1,000,000.</param>
public sealed record ClientRateLimit(string Duration, int? Quota);
