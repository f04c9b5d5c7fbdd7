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
            throw new ArgumentException(InvariantText.Format(Messages.PathIsUrl, path));
        if (path.Any(c => c is '\\' or '#' || char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new ArgumentException(Messages.PathCharacters);
        route = route.TrimStart('/');
        if (route.Length == 0)
            throw new ArgumentException(Messages.PathEmpty);
        if (route.Split('/')[0].Any(c => c == ':'))
            throw new ArgumentException(InvariantText.Format(Messages.PathWithScheme, path));
        if (route.Split('/').Any(segment => Uri.UnescapeDataString(segment) is "." or ".."))
            throw new ArgumentException(InvariantText.Format(Messages.PathWithDots, path));
        return (route, mark < 0 ? string.Empty : path.Substring(mark + 1));
    }
}
