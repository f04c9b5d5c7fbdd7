using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Json;
using RestSharp.Interceptors;

namespace Authress.Client.Transport;

/// <summary>
/// One request as it goes over the wire and its answer as it comes back. RestSharp's own ways cost as much again as the
/// whole request: it merges and groups headers and bodies as parameters, and buffers an answer's body and decodes it to a
/// string. So what differs from request to request is put into the message here, and the body read straight into what it
/// stands for.
/// </summary>
internal sealed class Exchange<T>(ApiRequest request, string? authorization, JsonTypeInfo<T>? type, long limit, Func<DateTimeOffset> now, CancellationToken timeout) : Interceptor, IDisposable
    where T : class
{
    // An answer that says it is no larger is read whole, into memory that is lent. Nearly all are.
    private const int SmallAnswer = 64 * 1024;

    // An error's body is a few words; more of it helps nobody.
    private const int ErrorLimit = 64 * 1024;

    private HttpResponseMessage? _response;

    /// <summary>The answer; null until one has come.</summary>
    public ApiResponse<T>? Answer { get; private set; }

    public override ValueTask BeforeHttpRequest(HttpRequestMessage requestMessage, CancellationToken cancellationToken)
    {
        if (authorization is not null)
            requestMessage.Headers.TryAddWithoutValidation("Authorization", authorization);
        requestMessage.Headers.Remove("Cookie");
        if (request.Body is not null)
        {
            requestMessage.Content = new ByteArrayContent(request.Body);
            requestMessage.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }
        else if (!request.IsRead)
        {
            // HttpClient sends a request without a body again by itself, up to three times, when a kept-open connection
            // breaks: a deletion that succeeded would then be answered with 404. One with an empty body it sends once.
            requestMessage.Content ??= new ByteArrayContent([]);
        }

        return default;
    }

    public override ValueTask AfterHttpRequest(HttpResponseMessage responseMessage, CancellationToken cancellationToken)
    {
        _response = responseMessage;
        Answer = new ApiResponse<T>(responseMessage, now());
        return default;
    }

    /// <summary>Reads the answer's body, once its head has come. What can't be understood is kept in the answer.</summary>
    /// <exception cref="OperationCanceledException">It took too long, or the caller gave up.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    /// <exception cref="HttpRequestException">It broke off.</exception>
    public async Task ReadAsync()
    {
        try
        {
            if (!Answer!.IsSuccess)
                Answer.Error = await ReadErrorAsync(_response!).ConfigureAwait(false);
            else if (type is not null)
                Answer.Value = await ReadAsync(_response!, type, limit).ConfigureAwait(false);
            else if (_response!.Content?.Headers.ContentType?.MediaType is "text/html")
                Answer.BodyFailure = new InvalidDataException("A page came where no body belongs: something in between has answered.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ResponseTooLargeException)
        {
            Answer!.BodyFailure = e;
        }
    }

    public void Dispose() => _response?.Dispose();

    private async Task<TBody?> ReadAsync<TBody>(HttpResponseMessage response, JsonTypeInfo<TBody> bodyType, long atMost)
        where TBody : class
    {
        bool bodiless = response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent || response.RequestMessage?.Method == HttpMethod.Head;
        if (bodiless || response.Content is null or { Headers.ContentLength: 0 })
            return null;
        // Unpacked, a few bytes could become any number. Nobody asked for it in packed form, and as it is it is no JSON.
        if (response.Content.Headers.Contains("Content-Encoding") && response.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw new NotSupportedException("The answer is packed, which was not asked for.");
        if (response.Content.Headers.ContentLength > atMost)
            throw new ResponseTooLargeException(atMost);
#if NET
        Stream content = await response.Content.ReadAsStreamAsync(timeout).ConfigureAwait(false);
#else
        Stream content = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        if (response.Content.Headers.ContentLength is { } length and <= SmallAnswer)
            return await ReadWholeAsync(content, (int)length, bodyType).ConfigureAwait(false);
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

    private async Task<TBody?> ReadWholeAsync<TBody>(Stream content, int length, JsonTypeInfo<TBody> bodyType)
        where TBody : class
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        int read = 0;
        try
        {
            int more;
            do
            {
#if NET
                more = await content.ReadAsync(buffer.AsMemory(read, length - read), timeout).ConfigureAwait(false);
#else
                more = await content.ReadAsync(buffer, read, length - read, timeout).ConfigureAwait(false);
#endif
                read += more;
            }
            while (more > 0 && read < length);
            return JsonSerializer.Deserialize(WithoutMark(buffer.AsSpan(0, read)), bodyType);
        }
        finally
        {
            // It may hold a new key's secret, and whoever borrows the memory next must not find it.
            Array.Clear(buffer, 0, read);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Some servers begin with a byte order mark. A stream's reader leaves it out by itself.
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) =>
        text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text.Slice(3) : text;

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
