using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>A fault that puts another answer in place of the API's.</summary>
public abstract record ReplacedResponse : Fault
{
    private protected ReplacedResponse(bool act) => Act = act;

    /// <summary>Whether the operation is carried out all the same.</summary>
    public bool Act { get; init; }

    internal override bool CarriesOut => Act;

    /// <summary>The operation's own status, or 200 where it has none or one that allows no body.</summary>
    private protected static int StatusWithBody(ApiAnswer? carriedOut) =>
        carriedOut is not null && AnswerWriter.MayHaveBody(carriedOut) ? carriedOut.Status : StatusCodes.Status200OK;
}

/// <summary>Answers with a status, by default without acting.</summary>
/// <param name="Status">The HTTP status.</param>
public sealed record StatusFault([property: JsonRequired] int Status) : ReplacedResponse(act: false)
{
    private const string DatePrefix = "date:+";

    /// <summary>
    /// The <c>Retry-After</c> header, sent as it is: seconds or an HTTP date. <c>date:+N</c> stands for the date that
    /// is N seconds ahead of the emulator's clock.
    /// </summary>
    public string? RetryAfter { get; init; }

    /// <summary>What the body looks like.</summary>
    public FaultBody Body { get; init; }

    /// <summary>The <c>title</c> in the body's JSON; left out, it says that a fault was asked for.</summary>
    public string? Title { get; init; }

    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context)
    {
        ApiAnswer answer = Body switch
        {
            _ when Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified => new(Status, default, null),
            FaultBody.Html => ApiAnswer.Html(Status),
            FaultBody.Empty => new(Status, default, null),
            _ => ApiAnswer.Error(Status, Title ?? $"A fault was asked for: {Status.ToString(CultureInfo.InvariantCulture)}.", "InjectedFault"),
        };
        return RetryAfter is null ? answer : answer.WithHeader("Retry-After", RetryAfterValue(RetryAfter, context.Clock));
    }

    private static string RetryAfterValue(string text, TimeProvider clock) =>
        text.StartsWith(DatePrefix, StringComparison.Ordinal)
        && double.TryParse(text.AsSpan(DatePrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? clock.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)
            : text;
}

/// <summary>The body of an answer with a status.</summary>
public enum FaultBody
{
    /// <summary>An error in Authress's form.</summary>
    Json,

    /// <summary>A page, as a load balancer or a proxy makes one.</summary>
    Html,

    /// <summary>Nothing.</summary>
    Empty,
}

/// <summary>Answers 304 without a body, though nobody asked conditionally.</summary>
public sealed record NotModifiedFault() : ReplacedResponse(act: false)
{
    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context) => new(StatusCodes.Status304NotModified, default, null);
}

/// <summary>Sends the caller elsewhere.</summary>
/// <param name="Location">The absolute address to go to, with the token that a careless caller takes along.</param>
public sealed record RedirectFault([property: JsonRequired] string Location) : ReplacedResponse(act: false)
{
    /// <summary>The HTTP status: 301, 302, 303, 307 or 308.</summary>
    public int Status { get; init; } = StatusCodes.Status302Found;

    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context) =>
        new ApiAnswer(Status, default, null).WithHeader("Location", Location);
}

/// <summary>Answers 200 with a page, as a captive portal does.</summary>
public sealed record HtmlFault() : ReplacedResponse(act: false)
{
    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context) => ApiAnswer.Html(StatusCodes.Status200OK);
}

/// <summary>Acts, and answers with a text that is not what the model says: of the wrong types unless a text is given.</summary>
public sealed record MalformedFault() : ReplacedResponse(act: true)
{
    private const string WrongTypes =
        """{"clients":"none","pagination":7,"links":[],"clientId":42,"createdTime":"yesterday","name":{},"options":"all","rateLimits":{"duration":1},"tags":[1],"verificationKeys":{"keyId":null},"keyId":[],"publicKey":true,"generationDate":-1,"accessKey":0,"clientSecret":[]}""";

    /// <summary>The body to answer with.</summary>
    public string Text { get; init; } = WrongTypes;

    /// <summary>The status to answer with; the operation's own where it is not given.</summary>
    public int? Status { get; init; }

    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context) =>
        ApiAnswer.Text(Status ?? StatusWithBody(carriedOut), Text, ApiAnswer.LinksJson);
}

/// <summary>Acts, and answers with well-formed JSON that does not come to an end for so many megabytes.</summary>
public sealed record OversizedFault() : ReplacedResponse(act: true)
{
    private const int ChunkLength = 64 * 1024;
    private const int BytesPerMegabyte = 1024 * 1024;

    /// <summary>The length of the answer in megabytes.</summary>
    public int Megabytes { get; init; } = 64;

    /// <summary>The status to answer with; the operation's own where it is not given.</summary>
    public int? Status { get; init; }

    internal override ApiAnswer Shape(ApiAnswer? carriedOut, FaultContext context) =>
        ApiAnswer.Text(Status ?? StatusWithBody(carriedOut), string.Empty, ApiAnswer.LinksJson);

    internal override async Task SendAsync(HttpContext context, ApiAnswer answer, CancellationToken cancellationToken)
    {
        AnswerWriter.WriteHead(context, answer);
        await context.Response.WriteAsync("""{"clients":[],"clientId":"sc_oversized","name":" """, cancellationToken);
        byte[] chunk = new byte[ChunkLength];
        Array.Fill(chunk, (byte)'a');
        for (long sent = 0; sent < (long)Megabytes * BytesPerMegabyte; sent += ChunkLength)
            await context.Response.BodyWriter.WriteAsync(chunk, cancellationToken);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("\"}"), cancellationToken);
    }
}
