using System.Net.Sockets;
using Authress.Client.Transport;

namespace Authress.Client.Tests.Transport;

/// <summary>.NET Framework has no word of its own for it: there the web exception's status tells.</summary>
public partial class UnsentTests
{
    [Theory]
    [InlineData(HttpRequestError.ConnectionError, SocketError.ConnectionRefused, Delivery.Unsent)]
    [InlineData(HttpRequestError.NameResolutionError, SocketError.HostNotFound, Delivery.Unreachable)]
    [InlineData(HttpRequestError.NameResolutionError, SocketError.TryAgain, Delivery.Unsent)]
    [InlineData(HttpRequestError.ProxyTunnelError, SocketError.SocketError, Delivery.Unsent)]
    [InlineData(HttpRequestError.SecureConnectionError, SocketError.ConnectionReset, Delivery.Unsent)]
    [InlineData(HttpRequestError.Unknown, SocketError.ConnectionRefused, Delivery.Lost)]
    [InlineData(HttpRequestError.Unknown, SocketError.HostUnreachable, Delivery.Lost)]
    [InlineData(HttpRequestError.ResponseEnded, SocketError.ConnectionReset, Delivery.Lost)]
    [InlineData(HttpRequestError.InvalidResponse, SocketError.Success, Delivery.Lost)]
    public void Only_the_HTTP_librarys_own_word_is_trusted(HttpRequestError error, SocketError socket, object expected)
    {
        HttpRequestException failure = new(error, "it failed", new SocketException((int)socket));
        Assert.Equal(expected, ConnectionFailure.Judge(new InvalidOperationException("around", failure)));
    }
}
