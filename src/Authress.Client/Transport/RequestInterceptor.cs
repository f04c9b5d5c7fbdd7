using RestSharp.Interceptors;

namespace Authress.Client.Transport;

/// <summary>
/// Writes headers and body directly to the HTTP message, and reads the response from it. Without it, a request would take
/// twice as long: RestSharp groups headers and bodies as parameters, and buffers and decodes every response.
/// </summary>
internal sealed class RequestInterceptor<T>(ApiRequest request, string? authorization, Func<DateTimeOffset> now) : Interceptor, IDisposable
    where T : class
{
    /// <summary>The response, from the moment its headers arrived.</summary>
    public ApiResponse<T>? Response { get; private set; }

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
            // If a kept-open connection breaks, HttpClient itself repeats a request that has no body, but not one with an
            // empty body. A repeated deletion would get a 404 although the first succeeded.
            requestMessage.Content ??= new ByteArrayContent([]);
        }

        return default;
    }

    public override ValueTask AfterHttpRequest(HttpResponseMessage responseMessage, CancellationToken cancellationToken)
    {
        Response = new ApiResponse<T>(responseMessage, now());
        return default;
    }

    public void Dispose() => Response?.Message.Dispose();
}
