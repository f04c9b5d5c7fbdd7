namespace Authress.Client.ServiceClients;

/// <summary>One page of the list of service clients.</summary>
/// <param name="Clients">The clients on it.</param>
/// <param name="NextCursor">Where the next page begins; null after the last.</param>
public sealed record ServiceClientPage(IReadOnlyList<ServiceClient> Clients, string? NextCursor)
{
    /// <summary>The <c>Date</c> of the response.</summary>
    internal DateTimeOffset? ServerTime { get; init; }

    /// <summary>The creations over this connection that had not ended when the page arrived. Only a pager sets them.</summary>
    internal IReadOnlyList<Task> Unfinished { get; init; } = [];
}
