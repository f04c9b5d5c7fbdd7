using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Json;
using RestSharp.Interceptors;

namespace Authress.Client.Transport;

/// <summary>
/// Reads an answer's body as a stream, straight into what it stands for. RestSharp's own way buffers the body and decodes
/// it to a string first, which costs as much again as the whole request.
/// </summary>
internal sealed class AnswerReader<T>(JsonTypeInfo<T>? type, long limit, Func<DateTimeOffset> now, CancellationToken timeout) : Interceptor
    where T : class
{
    // An error's body is a few words; more of it helps nobody.
    private const int ErrorLimit = 64 * 1024;

    /// <summary>The answer; null until one has come.</summary>
    public ApiAnswer<T>? Answer { get; private set; }

    /// <summary>What broke off the reading, other than a body that can't be understood.</summary>
    public ExceptionDispatchInfo? Broken { get; private set; }

    public override async ValueTask AfterHttpRequest(HttpResponseMessage responseMessage, CancellationToken cancellationToken)
    {
        Answer = new ApiAnswer<T>(responseMessage, now());
        try
        {
            if (!Answer.IsSuccess)
                Answer.Error = await ReadErrorAsync(responseMessage).ConfigureAwait(false);
            else if (type is not null)
                Answer.Value = await ReadAsync(responseMessage, type, limit).ConfigureAwait(false);
            else if (responseMessage.Content?.Headers.ContentType?.MediaType is "text/html")
                Answer.BodyFailure = new InvalidDataException("A page came where no body belongs: something in between has answered.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ResponseTooLargeException)
        {
            Answer.BodyFailure = e;
        }
        catch (Exception e)
        {
            // Kept rather than thrown, since RestSharp would leave the response undisposed.
            Broken = ExceptionDispatchInfo.Capture(e);
        }
    }

    private async Task<TBody?> ReadAsync<TBody>(HttpResponseMessage response, JsonTypeInfo<TBody> bodyType, long atMost)
        where TBody : class
    {
        bool bodiless = response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent || response.RequestMessage?.Method == HttpMethod.Head;
        if (bodiless || response.Content is null or { Headers.ContentLength: 0 })
            return null;
        if (response.Content.Headers.ContentLength > atMost)
            throw new ResponseTooLargeException(atMost);
#if NET
        Stream content = await response.Content.ReadAsStreamAsync(timeout).ConfigureAwait(false);
#else
        Stream content = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        using BoundedStream body = new(content, atMost);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, bodyType, timeout).ConfigureAwait(false);
        }
        catch (JsonException) when (body.Position == 0)
        {
            return null;
        }
    }

    // An error without a body, or with a page of HTML, is still that error.
    private async Task<ApiErrorJson?> ReadErrorAsync(HttpResponseMessage response)
    {
        try
        {
            return await ReadAsync(response, AuthressJsonContext.Default.ApiErrorJson, ErrorLimit).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ResponseTooLargeException or HttpRequestException or IOException)
        {
            Answer!.BodyFailure = e;
            return null;
        }
    }
}
