using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>A fault that replaces the API's response.</summary>
public abstract record ReplacedResponseFault : Fault
{
    private protected ReplacedResponseFault(bool act) => Act = act;

    /// <summary>Whether the operation is carried out nevertheless.</summary>
    public bool Act { get; init; }

    internal override bool CarriesOut => Act;

    /// <summary>The operation's own status, or 200 if it has none or one that allows no body.</summary>
    private protected static int StatusWithBody(ApiResponse? carriedOut) =>
        carriedOut is not null && ResponseWriter.MayHaveBody(carriedOut) ? carriedOut.Status : StatusCodes.Status200OK;
}

/// <summary>Responds with a status, by default without acting.</summary>
/// <param name="Status">The HTTP status.</param>
public sealed record StatusFault([property: JsonRequired] int Status) : ReplacedResponseFault(act: false)
{
    private const string DatePrefix = "date:+";

    /// <summary>
    /// The <c>Retry-After</c> header, sent as it is: seconds or an HTTP date. <c>date:+N</c> stands for the date that
    /// is N seconds ahead of the emulator's clock.
    /// </summary>
    public string? RetryAfter { get; init; }

    /// <summary>The form of the body.</summary>
    public FaultBody Body { get; init; }

    /// <summary>The <c>title</c> in the body's JSON; without it, a text that names the injected fault.</summary>
    public string? Title { get; init; }

    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context)
    {
        ApiResponse response = Body switch
        {
            _ when Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified => new(Status, default, null),
            FaultBody.Html => ApiResponse.Html(Status),
            FaultBody.Empty => new(Status, default, null),
            _ => ApiResponse.Error(Status, Title ?? $"Injected fault: status {Status.ToString(CultureInfo.InvariantCulture)}.", "InjectedFault"),
        };
        return RetryAfter is null ? response : response.WithHeader("Retry-After", RetryAfterValue(RetryAfter, context.Clock));
    }

    private static string RetryAfterValue(string text, TimeProvider clock) =>
        text.StartsWith(DatePrefix, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(DatePrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? clock.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)
            : text;
}

/// <summary>The body of a response with a status.</summary>
public enum FaultBody
{
    /// <summary>An error in Authress's form.</summary>
    Json,

    /// <summary>A page of HTML, as from a load balancer or a proxy.</summary>
    Html,

    /// <summary>No body.</summary>
    Empty,
}

/// <summary>Responds with 304 and no body, though the request was not conditional.</summary>
public sealed record NotModifiedFault() : ReplacedResponseFault(act: false)
{
    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context) => new(StatusCodes.Status304NotModified, default, null);
}

/// <summary>Redirects the caller.</summary>
/// <param name="Location">The absolute URL, to which a careless caller would send the token.</param>
public sealed record RedirectFault([property: JsonRequired] string Location) : ReplacedResponseFault(act: false)
{
    /// <summary>The HTTP status: 301, 302, 303, 307 or 308.</summary>
    public int Status { get; init; } = StatusCodes.Status302Found;

    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context) =>
        new ApiResponse(Status, default, null).WithHeader("Location", Location);
}

/// <summary>Responds with 200 and a page of HTML, as a captive portal does.</summary>
public sealed record HtmlFault() : ReplacedResponseFault(act: false)
{
    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context) => ApiResponse.Html(StatusCodes.Status200OK);
}

/// <summary>Acts, and responds with a text that does not match the model; by default, one with wrong types.</summary>
public sealed record MalformedFault() : ReplacedResponseFault(act: true)
{
    private const string WrongTypes =
        """{"clients":"none","pagination":7,"links":[],"clientId":42,"createdTime":"yesterday","name":{},"options":"all","rateLimits":{"duration":1},"tags":[1],"verificationKeys":{"keyId":null},"keyId":[],"publicKey":true,"generationDate":-1,"accessKey":0,"clientSecret":[]}""";

    /// <summary>The body to respond with.</summary>
    public string Text { get; init; } = WrongTypes;

    /// <summary>The status to respond with; null for the operation's own.</summary>
    public int? Status { get; init; }

    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context) =>
        ApiResponse.Text(Status ?? StatusWithBody(carriedOut), Text, ApiResponse.LinksJson);
}

/// <summary>Acts, and responds with well-formed JSON of many megabytes.</summary>
public sealed record OversizedFault() : ReplacedResponseFault(act: true)
{
    private const int ChunkLength = 64 * 1024;
    private const int BytesPerMegabyte = 1024 * 1024;

    /// <summary>The length of the response in megabytes.</summary>
    public int Megabytes { get; init; } = 64;

    /// <summary>The status to respond with; null for the operation's own.</summary>
    public int? Status { get; init; }

    internal override ApiResponse Shape(ApiResponse? carriedOut, FaultContext context) =>
        ApiResponse.Text(Status ?? StatusWithBody(carriedOut), string.Empty, ApiResponse.LinksJson);

    internal override async Task SendAsync(HttpContext context, ApiResponse response, CancellationToken cancellationToken)
    {
        ResponseWriter.WriteHead(context, response);
        await context.Response.WriteAsync("""{"clients":[],"clientId":"sc_oversized","name":" """, cancellationToken);
        byte[] chunk = new byte[ChunkLength];
        Array.Fill(chunk, (byte)'a');
        for (long sent = 0; sent < (long)Megabytes * BytesPerMegabyte; sent += ChunkLength)
            await context.Response.BodyWriter.WriteAsync(chunk, cancellationToken);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("\"}"), cancellationToken);
    }
}
