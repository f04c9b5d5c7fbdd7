namespace Authress.Client.Transport;

/// <summary>The media type of a response, from its headers.</summary>
internal static class MediaType
{
    /// <summary>Whether it is JSON, such as <c>application/links+json</c>.</summary>
    public static bool IsJson(IReadOnlyDictionary<string, string[]>? headers) => Read(headers).EndsWith("json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the response has none.</summary>
    public static bool IsMissing(IReadOnlyDictionary<string, string[]>? headers) => Read(headers).Length == 0;

    private static string Read(IReadOnlyDictionary<string, string[]>? headers) =>
        headers?.TryGetValue("Content-Type", out string[]? values) is true ? (values.FirstOrDefault() ?? string.Empty).Split(';')[0].Trim() : string.Empty;
}
