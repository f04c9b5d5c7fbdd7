namespace Authress.Client.Transport;

/// <summary>The loggable facts about a retry: no header, query or body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, encoded.</param>
/// <param name="Attempt">The number of the coming attempt: 2, 3 and so on.</param>
/// <param name="Reason">Why the previous attempt failed, in a short phrase such as <c>429 TooManyRequests</c> or <c>the connection was refused</c>.</param>
/// <param name="Wait">The wait before that attempt.</param>
public sealed record RetryRecord(string Method, string Path, int Attempt, string Reason, TimeSpan Wait);
