using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>What to look for after a creation whose outcome is unknown.</summary>
/// <param name="Name">The name that was asked for.</param>
/// <param name="Began">When the request began, by <see cref="ServerClock.Now"/>.</param>
internal sealed record PendingCreation(string? Name, long Began);

/// <summary>Looks for what creations with an unknown outcome may have made: one listing for all of them.</summary>
internal sealed class ServiceClientRecovery(AuthressApi api, ServerClock clock, KnownIds told)
{
    private const int PageSize = 20;
    private const int MaximumPages = 50;

    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(30);

    /// <summary>Fills the candidates of each exception that tells what to look for.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task FillAsync(IReadOnlyList<AuthressApiException> unknowns, CancellationToken cancellationToken)
    {
        List<Sought> sought = [.. unknowns.Where(unknown => unknown.PendingCreation is PendingCreation).Select(unknown => new Sought(unknown))];
        if (sought.Count == 0)
            return;
        using CancellationTokenSource givingUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        givingUp.CancelAfter(MaximumTime);
        bool complete = false;
        try
        {
            complete = await WalkAsync(sought, givingUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The time is up: what was found is told, and that it may not be all.
        }
        catch (AuthressApiException)
        {
            // The same where the list can't be read. The creation's own failure is what the caller is about to be told.
        }
        finally
        {
            foreach (Sought one in sought)
                one.Tell(complete);
        }
    }

    private async Task<bool> WalkAsync(List<Sought> sought, CancellationToken cancellationToken)
    {
        using ServiceClientPager pager = new(api, PageSize, null);
        for (int pages = 0; pages < MaximumPages && !pager.AtEnd; pages++)
        {
            ServiceClientPage page = await pager.NextAsync(cancellationToken).ConfigureAwait(false);
            foreach (ServiceClient client in page.Clients)
            {
                foreach (Sought one in sought)
                    one.Consider(client, clock, told);
            }
        }

        return pager.AtEnd;
    }

    /// <summary>One creation and what may have come of it.</summary>
    private sealed class Sought(AuthressApiException unknown)
    {
        private readonly PendingCreation _what = (PendingCreation)unknown.PendingCreation!;
        private readonly List<object> _found = [];
        private bool _undated;

        public void Consider(ServiceClient client, ServerClock clock, KnownIds told)
        {
            if ((client.Name ?? string.Empty) != (_what.Name ?? string.Empty) || told.Excludes(client.ClientId, _what.Began))
                return;

            // What can't be dated is not offered for removal: it may be as old as the account.
            if (client.CreatedTime is not { } created || clock.At(_what.Began) is not { } began)
                _undated = true;
            else if (created >= began - ServerClock.Margin)
                Offer(client, told);
        }

        private void Offer(ServiceClient client, KnownIds told)
        {
            _found.Add(client);
            told.Offer(client.ClientId);
        }

        public void Tell(bool complete)
        {
            unknown.Candidates = _found;
            unknown.CandidatesKnown = complete && !_undated;
        }
    }
}
