using Authress.Client.ServiceClients;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Reads the list of service clients page by page.</summary>
internal static class ServiceClientPages
{
    /// <summary>The pages. Each is requested on demand; if the whole list is needed, the next one is requested ahead.</summary>
    /// <param name="command">The cmdlet, which waits for the requests and writes their errors.</param>
    /// <param name="pager">Requests the pages.</param>
    /// <param name="wholeList">Whether the whole list is needed.</param>
    /// <param name="onlyFirst">Whether to stop after one page.</param>
    public static IEnumerable<ServiceClientPage> Read(AuthressCommand command, ServiceClientPager pager, bool wholeList, bool onlyFirst)
    {
        while (!pager.AtEnd)
        {
            if (!command.Try(null, () => command.Read((_, cancellation) => pager.NextAsync(cancellation)), out ServiceClientPage page))
                yield break;
            yield return page;

            // A caller that reads the whole first page probably needs the others.
            pager.ReadAhead = wholeList;

            // Only the next request can show that a cursor repeats.
            if (onlyFirst && !pager.Repeats)
                yield break;
        }
    }
}
