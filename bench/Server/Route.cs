namespace Authress.Bench.Server;

/// <summary>The contract's operations.</summary>
internal enum Route
{
    Unknown,
    List,
    Get,
    Create,
    Update,
    Delete,
    CreateKey,
    DeleteKey,
}

/// <summary>The route of a request, and the ids in it.</summary>
internal readonly record struct Target(Route Route, string ClientId)
{
    private const string Clients = "/v1/clients";
    private const string Keys = "/access-keys";

    public static Target Of(string method, string path)
    {
        if (path == Clients)
            return new(method == "GET" ? Route.List : method == "POST" ? Route.Create : Route.Unknown, string.Empty);
        if (!path.StartsWith(Clients + "/", StringComparison.Ordinal))
            return default;
        int start = Clients.Length + 1;
        int end = path.IndexOf('/', start);
        if (end < 0)
        {
            return new(method switch
            {
                "GET" => Route.Get,
                "PUT" => Route.Update,
                "DELETE" => Route.Delete,
                _ => Route.Unknown,
            }, path[start..]);
        }

        string clientId = path[start..end];
        return method switch
        {
            "POST" when path.AsSpan(end).SequenceEqual(Keys) => new(Route.CreateKey, clientId),
            "DELETE" when path.AsSpan(end).StartsWith(Keys + "/") => new(Route.DeleteKey, clientId),
            _ => default,
        };
    }
}
