namespace Authress.Client.Transport;

/// <summary>The body of an error response; every member may be missing.</summary>
internal sealed class ApiErrorJson
{
    public string? Title { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorId { get; set; }
}
