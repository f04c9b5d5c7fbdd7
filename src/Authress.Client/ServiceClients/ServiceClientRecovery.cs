using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Looks for the clients that creations with an unknown outcome may have made, in one listing for all of them.</summary>
internal sealed class ServiceClientRecovery(ServiceClientReader reader, ServerClock clock, RuledOutIds ruledOutIds)
{
    private const int PageSize = 20;
    private const int MaximumPages = 50;

    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(30);

    /// <summary>Sets the candidates of each exception that has a pending creation.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task FindCandidatesAsync(IReadOnlyList<AuthressApiException> unknowns, CancellationToken cancellationToken)
    {
        List<Search> searches = [.. unknowns.Where(unknown => unknown.UnknownCreation is UnknownCreation).Select(unknown => new Search(unknown))];
        if (searches.Count == 0)
            return;
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaximumTime);
        bool complete = false;
        try
        {
            complete = await ListAsync(searches, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Time is up. The candidates so far are reported as incomplete.
        }
        catch (AuthressApiException)
        {
            // The caller reports the creation's failure; a failed listing only leaves the candidates incomplete.
        }
        finally
        {
            foreach (Search search in searches)
                search.Report(complete);
        }
    }

    private async Task<bool> ListAsync(List<Search> searches, CancellationToken cancellationToken)
    {
        using ServiceClientPager pager = new(reader, PageSize, null);
        for (int pages = 0; pages < MaximumPages && !pager.AtEnd; pages++)
        {
            ServiceClientPage page = await pager.NextAsync(cancellationToken).ConfigureAwait(false);
            foreach (ServiceClient client in page.Clients)
            {
                foreach (Search search in searches)
                    search.Consider(client, clock, ruledOutIds);
            }
        }

        return pager.AtEnd;
    }

    /// <summary>The search for the result of one creation.</summary>
    private sealed class Search(AuthressApiException unknown)
    {
        private readonly UnknownCreation _pending = (UnknownCreation)unknown.UnknownCreation!;
        private readonly List<object> _candidates = [];
        private bool _hasUndated;

        public void Consider(ServiceClient client, ServerClock clock, RuledOutIds ruledOutIds)
        {
            if ((client.Name ?? string.Empty) != (_pending.Name ?? string.Empty) || ruledOutIds.Excludes(client.ClientId, _pending.Began))
                return;

            // A client without a date isn't offered for removal: it may be old and in use.
            if (client.CreatedTime is not { } created || clock.At(_pending.Began) is not { } began)
            {
                _hasUndated = true;
            }
            else if (created >= began - ServerClock.Margin)
            {
                _candidates.Add(client);
                ruledOutIds.AddCandidate(client.ClientId);
            }
        }

        public void Report(bool complete)
        {
            unknown.Candidates = _candidates;
            unknown.CandidatesKnown = complete && !_hasUndated;
        }
    }
}
