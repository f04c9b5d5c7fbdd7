namespace Authress;

/// <summary>The result of <c>Test-AuthressConnection</c>.</summary>
public sealed class ConnectionTestResult
{
    internal ConnectionTestResult(Connection connection, bool success, TimeSpan latency)
    {
        ApiUrl = connection.ApiUrl;
        ClientId = connection.ClientId;
        Success = success;
        Latency = latency;
    }

    /// <summary>Whether Authress responded and accepted the credential.</summary>
    public bool Success { get; }

    /// <summary>The API URL.</summary>
    public Uri ApiUrl { get; }

    /// <summary>The service client that sent the request.</summary>
    public string? ClientId { get; }

    /// <summary>The HTTP status of the response; null if none arrived.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>The duration of the request, including signing and connecting if it was the first.</summary>
    public TimeSpan Latency { get; }

    /// <summary>
    /// How far this machine's clock is ahead of the server's; negative if it is behind, null if the server sent no date.
    /// In whole seconds.
    /// </summary>
    public TimeSpan? ClockSkew { get; internal set; }

    /// <summary>The failure; null if there was none.</summary>
    public string? Message { get; internal set; }

    /// <summary>The exception behind <see cref="Message"/>.</summary>
    internal AuthressApiException? Exception { get; set; }
}
