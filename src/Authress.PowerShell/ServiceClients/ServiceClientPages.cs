using Authress.Client.ServiceClients;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Reads the list of service clients page by page.</summary>
internal static class ServiceClientPages
{
    /// <summary>The pages. Each is requested when it is asked for, and the next ahead of time where all are wanted.</summary>
    /// <param name="command">The cmdlet, which waits for the requests and writes their errors.</param>
    /// <param name="pager">Requests the pages.</param>
    /// <param name="wantsAll">Whether the whole list is wanted.</param>
    /// <param name="onlyFirst">Whether to stop after one page.</param>
    public static IEnumerable<ServiceClientPage> Read(AuthressCommand command, ServiceClientPager pager, bool wantsAll, bool onlyFirst)
    {
        while (!pager.AtEnd)
        {
            if (!command.Try(null, () => command.Read((_, cancellation) => pager.NextAsync(cancellation)), out ServiceClientPage page))
                yield break;
            yield return page;

            // Whoever takes the whole first page probably wants the others.
            pager.ReadAhead = wantsAll;

            // Only the next request shows whether a cursor repeats.
            if (onlyFirst && !pager.Repeats)
                yield break;
        }
    }
}
