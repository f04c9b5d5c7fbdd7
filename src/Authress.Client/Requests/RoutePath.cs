namespace Authress.Client.Requests;

/// <summary>The path of any route of the API: relative, so that the token goes to the API's own origin and nowhere else.</summary>
internal static class RoutePath
{
    /// <summary>Checks a path and splits its query off.</summary>
    /// <param name="path">Such as <c>/v1/users?limit=10</c>.</param>
    /// <exception cref="ArgumentException">It is an address, leaves its place, or has what no path has.</exception>
    public static (string Path, string Query) Parse(string path)
    {
        if (path is null)
            throw new ArgumentNullException(nameof(path));
        int mark = path.IndexOf('?');
        string route = mark < 0 ? path : path.Substring(0, mark);
        if (route.Contains("://") || route.StartsWith("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' is a whole address. Give the path alone, such as /v1/users: the connection knows where.");
        if (path.Any(c => c is '\\' or '#' || char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new ArgumentException("A path has no blanks, no backslash, no '#' and no control characters in it. Encode what belongs to an id with [uri]::EscapeDataString.");
        route = route.TrimStart('/');
        if (route.Length == 0)
            throw new ArgumentException("The path is empty. Give a route such as /v1/users.");
        if (route.Split('/')[0].Any(c => c == ':'))
            throw new ArgumentException($"'{path}' begins with a scheme. Give the path alone, such as /v1/users: the connection knows where.");
        if (route.Split('/').Any(segment => Uri.UnescapeDataString(segment) is "." or ".."))
            throw new ArgumentException($"'{path}' has a '.' or '..' in it, which would lead to another route.");
        return (route, mark < 0 ? string.Empty : path.Substring(mark + 1));
    }
}
