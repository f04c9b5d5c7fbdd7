using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Authress.Client.Transport;

/// <summary>A response: its status, its headers, and an error's body.</summary>
internal abstract class ApiResponse
{
    // The Date header has whole seconds, rounded down, so on average the server's clock was half a second ahead of it. Many
    // servers update it only once a second. A smaller difference proves nothing.
    private const double HalfSecond = 0.5;
    private const double Resolution = 2;

    private readonly DateTimeOffset _received;

    private protected ApiResponse(HttpResponseMessage response, DateTimeOffset received)
    {
        Message = response;
        _received = received;
        Status = response.StatusCode;
        IsSuccess = response.IsSuccessStatusCode;
        RequestId = First(response.Headers, "x-amzn-requestid") ?? First(response.Headers, "x-amzn-trace-id") ?? First(response.Headers, "x-span-id");

        // On a success the header has no meaning.
        if (!IsSuccess && response.Headers.RetryAfter is { } retry)
        {
            TimeSpan? wait = retry.Delta ?? (retry.Date - (ServerDate ?? received));
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        }
    }

    /// <summary>The HTTP message. It is disposed after its body was read; its headers can still be read then.</summary>
    public HttpResponseMessage Message { get; }

    public HttpStatusCode Status { get; }

    public bool IsSuccess { get; }

    public string? RequestId { get; }

    /// <summary>The Date header as text.</summary>
    public string? DateText =>
#if NET
        First(Message.Headers, "Date");
#else
        Message.Headers.Date?.ToString("r", CultureInfo.InvariantCulture);
#endif

    /// <summary>The Date header, in whole seconds. Parsed on demand.</summary>
    public DateTimeOffset? ServerDate => Message.Headers.Date;

    /// <summary>How far this machine's clock is ahead of the server's, in whole seconds; zero below two, which the header can't show.</summary>
    public TimeSpan? ClockSkew =>
        ServerDate is not { } date ? null
        : (_received - date).TotalSeconds - HalfSecond is var ahead && Math.Abs(ahead) < Resolution ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Truncate(ahead));

    public TimeSpan? RetryAfter { get; }

    /// <summary>All headers, of the response and of its body.</summary>
    public IReadOnlyDictionary<string, string[]> Headers
    {
        get
        {
            Dictionary<string, string[]> headers = new(StringComparer.OrdinalIgnoreCase);
            foreach (KeyValuePair<string, IEnumerable<string>> header in Message.Headers)
                headers[header.Key] = [.. header.Value];
            foreach (KeyValuePair<string, IEnumerable<string>> header in Message.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                headers[header.Key] = [.. header.Value];
            return headers;
        }
    }

    /// <summary>How many times the request was sent until this response arrived.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether there is a successful body.</summary>
    public abstract bool HasValue { get; }

    /// <summary>An error's body; null if there was none or it was unreadable.</summary>
    public ApiErrorJson? Error { get; set; }

    /// <summary>Why the body can't be used.</summary>
    public Exception? BodyFailure { get; set; }

    /// <summary>The status as text, such as <c>404 NotFound</c>.</summary>
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
        // Parsing a header is slow, and these are read from every response.
        if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            return null;
        using HeaderStringValues.Enumerator each = values.GetEnumerator();
        return each.MoveNext() ? each.Current : null;
#else
        return headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
#endif
    }
}

/// <summary>A response with a successful body.</summary>
/// <typeparam name="T">The body's type.</typeparam>
internal sealed class ApiResponse<T>(HttpResponseMessage response, DateTimeOffset received) : ApiResponse(response, received)
    where T : class
{
    /// <summary>A successful body; null if there was none or it was unreadable.</summary>
    public T? Value { get; set; }

    public override bool HasValue => Value is not null;
}
