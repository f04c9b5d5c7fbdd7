using System.Net;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.Client.Reports;
using Authress.Client.Rotations;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Rotations.Journals;

namespace Authress.PowerShell.Reports;

/// <summary>Reads the clients of an account, each once, and the rotations that the journal knows. What can't be read is a finding.</summary>
/// <param name="command">The cmdlet, which waits for the requests.</param>
/// <param name="journal">The journal; null if there is none.</param>
/// <param name="unread">The known destinations that could not be read, and why. Each may hold a key of any account.</param>
/// <param name="report">Receives what is read.</param>
internal sealed class AccountReader(AuthressCommand command, JournalFolder? journal, IReadOnlyCollection<(string What, string Reason)> unread, ReportBuilder report)
{
    private const int PageSize = 20;

    /// <summary>Reads an account.</summary>
    public void Read(Connection connection)
    {
        ReportAccount account = report.AddAccount(connection.AccountId, connection.ApiUrl);
        foreach ((string what, string reason) in unread)
            report.AddUnseenPlace(account, what, reason);
        ILookup<string, (Rotation Rotation, string Entry)> journaled = ReadJournal(connection, account).ToLookup(known => known.Rotation.ClientId, StringComparer.Ordinal);
        HashSet<string> unlisted = [.. journaled.Select(known => known.Key)];
        AuthressApi api = (AuthressApi)connection.Client;
        using ServiceClientPager pager = api.ForInvocation(_ => { }, _ => { }, command.CommandLifetime.Stopping).PageServiceClients(PageSize, cursor: null, readAhead: true);
        while (!pager.AtEnd)
        {
            if (!TryRead(account, Messages.ListOfClients, null, () => command.Read((_, cancellation) => pager.NextAsync(cancellation), api), out ServiceClientPage? page))
                return;
            foreach (ServiceClient client in page!.Clients)
            {
                unlisted.Remove(client.ClientId);
                report.AddClient(account, WithKeys(account, client, api), [.. journaled[client.ClientId].Select(known => known.Rotation)]);
            }
        }

        foreach (string clientId in unlisted)
            ReadUnlisted(account, clientId, [.. journaled[clientId]], api);
    }

    // A rotation whose client is gone never ends by itself. A completed one asks for nothing.
    private void ReadUnlisted(ReportAccount account, string clientId, (Rotation Rotation, string Entry)[] journaled, AuthressApi api)
    {
        (Rotation Rotation, string Entry)[] open = [.. journaled.Where(known => known.Rotation.Step != RotationStep.Completed)];
        if (open.Length == 0 || !TryRead(account, clientId, clientId, () => ReadIfAny(clientId, api), out ServiceClient? client))
            return;
        if (client is not null)
        {
            report.AddClient(account, WithKeys(account, client, api), [.. journaled.Select(known => known.Rotation)]);
            return;
        }

        foreach ((Rotation rotation, string entry) in open)
            report.AddAbandoned(account, rotation, entry);
    }

    private ServiceClient? ReadIfAny(string clientId, AuthressApi api)
    {
        try
        {
            return command.Read((read, cancellation) => read.GetServiceClientAsync(clientId, cancellation), api);
        }
        catch (AuthressApiException e) when (e.StatusCode == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // A list need not have the keys, and keys need not have their public halves.
    private ServiceClient WithKeys(ReportAccount account, ServiceClient client, AuthressApi api)
    {
        if (client.AccessKey is null
            && TryRead(account, client.ClientId, client.ClientId, () => command.Read((read, cancellation) => read.GetServiceClientAsync(client.ClientId, cancellation), api), out ServiceClient? whole))
        {
            client = whole!;
        }

        return client.AccessKey is not { } keys || keys.All(key => PublicKeyText.IsShown(key.PublicKey))
            ? client
            : command.Read((read, cancellation) => read.ShowPublicKeysAsync(client, cancellation), api);
    }

    private List<(Rotation Rotation, string Entry)> ReadJournal(Connection connection, ReportAccount account)
    {
        List<(Rotation Rotation, string Entry)> rotations = [];
        try
        {
            foreach (FileJournal entry in journal?.List(clientId: null) ?? [])
            {
                try
                {
                    if (entry.Read() is { } rotation && rotation.IsOf(connection.AccountId))
                        rotations.Add((rotation, entry.FullPath));
                }
                catch (Exception e) when (e is RotationException or JournalException)
                {
                    report.AddUnseenPlace(account, entry.FullPath, e.Message);
                }
            }
        }
        catch (JournalException e)
        {
            report.AddUnseenPlace(account, e.Place, e.Reason);
        }

        return rotations;
    }

    private bool TryRead<T>(ReportAccount account, string what, string? clientId, Func<T> read, out T? result)
    {
        try
        {
            result = read();
            return true;
        }
        catch (AuthressApiException e)
        {
            command.CommandLifetime.ThrowIfStopping();
            report.AddGap(account, what, ErrorFactory.FromApi(e, what).ToString(), clientId);
            result = default;
            return false;
        }
    }
}
