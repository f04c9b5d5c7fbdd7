namespace Authress.Client.Requests;

/// <summary>The response to any request.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Headers">The headers and all their values.</param>
/// <param name="Body">
/// The body's JSON as dictionaries, lists, strings, booleans, longs, big integers, doubles and nulls; null if there was none.
/// </param>
public sealed record RawResponse(int StatusCode, IReadOnlyDictionary<string, string[]> Headers, object? Body);
