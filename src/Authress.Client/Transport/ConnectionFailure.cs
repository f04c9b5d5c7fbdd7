using System.Net.Sockets;
#if NET
using System.Security.Authentication;
#else
using System.Net;
#endif

namespace Authress.Client.Transport;

/// <summary>
/// Classifies transport exceptions. Only the HTTP library's own error code proves that a request was never sent: a socket
/// error doesn't say when the connection failed.
/// </summary>
internal static class ConnectionFailure
{
    /// <summary>How far the attempt that threw this exception got.</summary>
    public static AttemptOutcome Classify(Exception? failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
#if NET
            if (e is not HttpRequestException { HttpRequestError: var error })
                continue;
            switch (error)
            {
                case HttpRequestError.NameResolutionError:
                    return Find<SocketException>(e) is { SocketErrorCode: SocketError.TryAgain } ? AttemptOutcome.NotSent : AttemptOutcome.Unreachable;
                case HttpRequestError.SecureConnectionError:
                    return Find<AuthenticationException>(e) is null ? AttemptOutcome.NotSent : AttemptOutcome.Unreachable;
                case HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError:
                    return AttemptOutcome.NotSent;
            }
#else
            switch ((e as WebException)?.Status)
            {
                case WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure or WebExceptionStatus.TrustFailure:
                    return AttemptOutcome.Unreachable;
                case WebExceptionStatus.ConnectFailure or WebExceptionStatus.SecureChannelFailure:
                    return AttemptOutcome.NotSent;
            }
#endif
        }

        return AttemptOutcome.ConnectionLost;
    }

    /// <summary>Why no connection was made, in a short phrase.</summary>
    public static string Describe(Exception? failure) => Find<SocketException>(failure)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Messages.ReasonRefused,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Messages.ReasonHostNotFound,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => Messages.ReasonUnreachable,
        _ => Messages.ReasonNotConnected,
    };

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }
}
