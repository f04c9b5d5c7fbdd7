using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Authress.Client.Json;

namespace Authress.Client.Transport;

/// <summary>Reads the bodies of responses, up to a size.</summary>
/// <param name="maximumBytes">The largest body that is read.</param>
internal sealed class ResponseReader(long maximumBytes)
{
    // Up to this size a body is read into a pooled buffer, which is faster than a stream. Nearly all responses are smaller.
    private const int BufferedBytes = 64 * 1024;

    private const int MaximumErrorBytes = 64 * 1024;

    /// <summary>Reads the body into the response. A body that can't be used is recorded there as well.</summary>
    /// <param name="response">A response whose headers have arrived.</param>
    /// <param name="type">The type of a successful body; null if its content doesn't matter.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    public async Task ReadAsync<T>(ApiResponse<T> response, JsonTypeInfo<T>? type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            if (!response.IsSuccess)
                response.Error = await ReadErrorAsync(response, cancellationToken).ConfigureAwait(false);
            else if (type is not null)
                response.Value = await ReadBodyAsync(response.Message, type, maximumBytes, cancellationToken).ConfigureAwait(false);
            else if (response.Message.Content?.Headers.ContentType?.MediaType is "text/html")
                response.BodyFailure = new InvalidDataException(Messages.ResponseIsHtml);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ResponseTooLargeException)
        {
            response.BodyFailure = e;
        }
    }

    // An error without a body, or with a page of HTML, is still that error.
    private static async Task<ApiErrorJson?> ReadErrorAsync(ApiResponse response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadBodyAsync(response.Message, AuthressJsonContext.Default.ApiErrorJson, MaximumErrorBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ResponseTooLargeException or HttpRequestException or IOException)
        {
            response.BodyFailure = e;
            return null;
        }
    }

    private static async Task<T?> ReadBodyAsync<T>(HttpResponseMessage message, JsonTypeInfo<T> type, long maximum, CancellationToken cancellationToken)
        where T : class
    {
        bool bodiless = message.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent || message.RequestMessage?.Method == HttpMethod.Head;
        if (bodiless || message.Content is null or { Headers.ContentLength: 0 })
            return null;

        // A few compressed bytes can expand to any size. The request didn't accept compression.
        if (message.Content.Headers.Contains("Content-Encoding") && message.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw new NotSupportedException(Messages.ResponseCompressed);
        if (message.Content.Headers.ContentLength > maximum)
            throw new ResponseTooLargeException(maximum);
#if NET
        Stream content = await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        Stream content = await message.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        if (message.Content.Headers.ContentLength is { } length and <= BufferedBytes)
            return await ReadBufferedAsync(content, (int)length, type, cancellationToken).ConfigureAwait(false);
        using BoundedStream body = new(content, maximum);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException) when (body.Position == 0)
        {
            return null;
        }
    }

    private static async Task<T?> ReadBufferedAsync<T>(Stream content, int length, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        int read = 0;
        try
        {
            int more;
            do
            {
#if NET
                more = await content.ReadAsync(buffer.AsMemory(read, length - read), cancellationToken).ConfigureAwait(false);
#else
                more = await content.ReadAsync(buffer, read, length - read, cancellationToken).ConfigureAwait(false);
#endif
                read += more;
            }
            while (more > 0 && read < length);
            return JsonSerializer.Deserialize(WithoutByteOrderMark(buffer.AsSpan(0, read)), type);
        }
        finally
        {
            // The body may hold a new key's secret, so the buffer is cleared before it is reused.
            Array.Clear(buffer, 0, read);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The stream reader skips a byte order mark; the span reader doesn't.
    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text.Slice(3) : text;
}
