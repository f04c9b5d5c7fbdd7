using Authress.Client;

namespace Authress.PowerShell.Pipeline;

/// <summary>
/// Runs a request up to the point where it would be sent, so that -WhatIf and a confirmation refuse what is refused on this
/// machine: an invalid id or value, or a read-only connection.
/// </summary>
internal static class Rehearsal
{
    /// <summary>The failure that the request ends with before it is sent; null where it would be sent.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="request">The request.</param>
    public static Exception? FindRefusal(Connection connection, Func<AuthressApi, CancellationToken, Task> request)
    {
        AuthressApi stopped = ((AuthressApi)connection.Client).ForInvocation(_ => { }, _ => { }, new CancellationToken(canceled: true));
        try
        {
            // Ends at once: a stopped client begins no request.
            request(stopped, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is AuthressApiException or ArgumentException)
        {
            return e;
        }
    }
}
