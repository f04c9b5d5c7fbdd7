namespace Authress.Client.Transport;

/// <summary>What may be told about a request that will be tried again: never a header, a query or a body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, encoded.</param>
/// <param name="Attempt">The number of the try that will follow: 2, 3 and so on.</param>
/// <param name="Reason">Why the try before failed, in a short phrase such as <c>429 TooManyRequests</c> or <c>the connection was refused</c>.</param>
/// <param name="Wait">How long is waited before that try.</param>
public sealed record RetryRecord(string Method, string Path, int Attempt, string Reason, TimeSpan Wait);
