using RestSharp.Interceptors;

namespace Authress.Client.Transport;

/// <summary>
/// Gives a request that has no body an empty one. HttpClient sends a request without a body again by itself, up to three
/// times, when a kept-open connection breaks: a deletion that succeeded would then be answered with 404.
/// </summary>
internal sealed class SentOnce : Interceptor
{
    public static SentOnce Instance { get; } = new();

    public override ValueTask BeforeHttpRequest(HttpRequestMessage requestMessage, CancellationToken cancellationToken)
    {
        requestMessage.Content ??= new ByteArrayContent([]);
        return default;
    }
}
