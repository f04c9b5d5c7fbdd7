namespace Authress.Client.Transport;

/// <summary>What may be told about a request that was made: never a header, a query or a body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, encoded.</param>
/// <param name="StatusCode">The answer's status; null where none came.</param>
/// <param name="Duration">From sending to the last byte of the answer.</param>
/// <param name="RequestId">The request's id in the answer's headers.</param>
public sealed record RequestRecord(string Method, string Path, int? StatusCode, TimeSpan Duration, string? RequestId);
