namespace Authress.Client.Transport;

/// <summary>The loggable facts about a request: no header, query or body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, encoded.</param>
/// <param name="StatusCode">The response's status; null if none arrived.</param>
/// <param name="Duration">The time from sending to the last byte of the response.</param>
/// <param name="RequestId">The request id in the response's headers.</param>
public sealed record RequestRecord(string Method, string Path, int? StatusCode, TimeSpan Duration, string? RequestId);
