using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Authress.Client.Transport;

/// <summary>What came back for a request: the status, the headers worth keeping, and the body, read.</summary>
/// <typeparam name="T">What a successful body was read into.</typeparam>
internal sealed class ApiAnswer<T>
    where T : class
{
    public ApiAnswer(HttpResponseMessage response, DateTimeOffset received)
    {
        Status = response.StatusCode;
        IsSuccess = response.IsSuccessStatusCode;
        RequestId = First(response.Headers, "x-amzn-requestid") ?? First(response.Headers, "x-amzn-trace-id") ?? First(response.Headers, "x-span-id");
        ServerDate = response.Headers.Date;
        if (ServerDate is { } date)
            ClockSkew = received - date;
        if (response.Headers.RetryAfter is { } retry)
            RetryAfter = retry.Delta ?? (retry.Date - (ServerDate ?? received));
    }

    public HttpStatusCode Status { get; }

    public bool IsSuccess { get; }

    public string? RequestId { get; }

    /// <summary>The server's clock; it tells whole seconds.</summary>
    public DateTimeOffset? ServerDate { get; }

    /// <summary>How far this machine's clock is ahead of the server's.</summary>
    public TimeSpan? ClockSkew { get; }

    public TimeSpan? RetryAfter { get; }

    /// <summary>A successful body; null where there was none or it could not be read.</summary>
    public T? Value { get; set; }

    /// <summary>An error's body; null where there was none that could be read.</summary>
    public ApiErrorJson? Error { get; set; }

    /// <summary>What kept the body from being read.</summary>
    public Exception? BodyFailure { get; set; }

    /// <summary>The status as people say it, such as <c>404 NotFound</c>.</summary>
    public string StatusText
    {
        get
        {
            string number = ((int)Status).ToString(CultureInfo.InvariantCulture);
            string name = Status.ToString();
            return name == number ? number : $"{number} {name}";
        }
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
