namespace Authress.Client.ServiceClients;

/// <summary>One page of the list of service clients.</summary>
internal sealed class ServiceClientPageJson
{
    public List<ServiceClientJson>? Clients { get; set; }

    public PaginationJson? Pagination { get; set; }

    public LinksJson? Links { get; set; }
}

/// <summary>The <c>pagination</c> of a page.</summary>
internal sealed class PaginationJson
{
    public CursorJson? Next { get; set; }
}

/// <summary>Where the next page begins.</summary>
internal sealed class CursorJson
{
    public string? Cursor { get; set; }
}

/// <summary>The <c>links</c> of a page.</summary>
internal sealed class LinksJson
{
    public LinkJson? Next { get; set; }
}

/// <summary>One link.</summary>
internal sealed class LinkJson
{
    public string? Href { get; set; }
}
