namespace Authress.Client.Requests;

/// <summary>The path of any route of the API. Must be relative, so that the token is sent only to the API's own origin.</summary>
internal static class RoutePath
{
    /// <summary>Validates a path and separates its query.</summary>
    /// <param name="path">Such as <c>/v1/users?limit=10</c>.</param>
    /// <exception cref="ArgumentException">It is a URL, has a relative segment, or has characters that a path can't have.</exception>
    public static (string Path, string Query) Parse(string path)
    {
        if (path is null)
            throw new ArgumentNullException(nameof(path));
        int mark = path.IndexOf('?');
        string route = mark < 0 ? path : path.Substring(0, mark);
        if (route.Contains("://") || route.StartsWith("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' is a URL. Pass only the path, such as /v1/users: the connection has the API URL.");
        if (path.Any(c => c is '\\' or '#' || char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new ArgumentException("A path can't contain spaces, backslashes, '#' or control characters. Encode ids with [uri]::EscapeDataString.");
        route = route.TrimStart('/');
        if (route.Length == 0)
            throw new ArgumentException("The path is empty. Pass a route such as /v1/users.");
        if (route.Split('/')[0].Any(c => c == ':'))
            throw new ArgumentException($"'{path}' begins with a scheme. Pass only the path, such as /v1/users: the connection has the API URL.");
        if (route.Split('/').Any(segment => Uri.UnescapeDataString(segment) is "." or ".."))
            throw new ArgumentException($"'{path}' contains a '.' or '..' segment, which would lead to another route.");
        return (route, mark < 0 ? string.Empty : path.Substring(mark + 1));
    }
}
