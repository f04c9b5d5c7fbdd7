namespace Authress;

/// <summary>What <c>Test-AuthressConnection</c> found.</summary>
public sealed class ConnectionTestResult
{
    internal ConnectionTestResult(Connection connection, bool success, TimeSpan latency)
    {
        ApiUrl = connection.ApiUrl;
        ClientId = connection.ClientId;
        Success = success;
        Latency = latency;
    }

    /// <summary>Whether Authress answered and accepted the credential.</summary>
    public bool Success { get; }

    /// <summary>The API's address.</summary>
    public Uri ApiUrl { get; }

    /// <summary>The service client that asked.</summary>
    public string? ClientId { get; }

    /// <summary>The HTTP status of the answer; null where none came.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>How long the call took, with signing and connecting where it was the first.</summary>
    public TimeSpan Latency { get; }

    /// <summary>
    /// How far this machine's clock is ahead of the server's; negative where it is behind, null where the server told no
    /// date. The server tells whole seconds.
    /// </summary>
    public TimeSpan? ClockSkew { get; internal set; }

    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Message { get; internal set; }

    /// <summary>The exception behind <see cref="Message"/>.</summary>
    public AuthressApiException? Exception { get; internal set; }
}
