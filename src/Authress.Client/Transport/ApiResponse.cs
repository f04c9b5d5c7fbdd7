using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Authress.Client.Transport;

/// <summary>What came back for a request: the status, the headers worth keeping, and an error's body.</summary>
internal abstract class ApiResponse
{
    // The Date header tells whole seconds, cut off; so the server's clock was half a second further, give or take as much.
    private const double HalfSecond = 0.5;

    private readonly HttpResponseMessage _response;
    private readonly DateTimeOffset _received;

    private protected ApiResponse(HttpResponseMessage response, DateTimeOffset received)
    {
        _response = response;
        _received = received;
        Status = response.StatusCode;
        IsSuccess = response.IsSuccessStatusCode;
        RequestId = First(response.Headers, "x-amzn-requestid") ?? First(response.Headers, "x-amzn-trace-id") ?? First(response.Headers, "x-span-id");

        // With a success it would mean nothing.
        if (!IsSuccess && response.Headers.RetryAfter is { } retry)
        {
            TimeSpan? wait = retry.Delta ?? (retry.Date - (ServerDate ?? received));
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        }
    }

    public HttpStatusCode Status { get; }

    public bool IsSuccess { get; }

    public string? RequestId { get; }

    /// <summary>What the server said what time it is, as it said it.</summary>
    public string? DateText =>
#if NET
        First(_response.Headers, "Date");
#else
        _response.Headers.Date?.ToString("r", CultureInfo.InvariantCulture);
#endif

    /// <summary>The server's clock; it tells whole seconds. Read when it is asked for, which is seldom.</summary>
    public DateTimeOffset? ServerDate => _response.Headers.Date;

    /// <summary>How far this machine's clock is ahead of the server's, in whole seconds; less than that can't be told.</summary>
    public TimeSpan? ClockSkew => ServerDate is { } date ? TimeSpan.FromSeconds(Math.Truncate((_received - date).TotalSeconds - HalfSecond)) : null;

    public TimeSpan? RetryAfter { get; }

    /// <summary>All headers, of the answer and of its body. They can still be read when the body no longer can.</summary>
    public IReadOnlyDictionary<string, string[]> Headers
    {
        get
        {
            Dictionary<string, string[]> headers = new(StringComparer.OrdinalIgnoreCase);
            foreach (KeyValuePair<string, IEnumerable<string>> header in _response.Headers)
                headers[header.Key] = [.. header.Value];
            foreach (KeyValuePair<string, IEnumerable<string>> header in _response.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                headers[header.Key] = [.. header.Value];
            return headers;
        }
    }

    /// <summary>How many times the request was sent until this answer came.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether there is a successful body.</summary>
    public abstract bool HasValue { get; }

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

    private static string? First(HttpResponseHeaders headers, string name)
    {
#if NET
        // As it came: to take a header apart costs, and every answer has these.
        if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            return null;
        using HeaderStringValues.Enumerator each = values.GetEnumerator();
        return each.MoveNext() ? each.Current : null;
#else
        return headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
#endif
    }
}

/// <summary>The same with a successful body, read.</summary>
/// <typeparam name="T">What the body was read into.</typeparam>
internal sealed class ApiResponse<T>(HttpResponseMessage response, DateTimeOffset received) : ApiResponse(response, received)
    where T : class
{
    /// <summary>A successful body; null where there was none or it could not be read.</summary>
    public T? Value { get; set; }

    public override bool HasValue => Value is not null;
}
