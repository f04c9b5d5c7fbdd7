using System.Management.Automation;
using Authress.Client;
using Authress.Client.Rotations;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Rotations.Journals;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Rotations;

/// <summary>The runs of one cmdlet: binds them to connection, destination, journal and pipeline.</summary>
/// <param name="command">The cmdlet.</param>
/// <param name="connection">The connection.</param>
/// <param name="journals">Where rotations are recorded.</param>
internal sealed class RotationSession(BulkCommand command, Connection connection, JournalChoice journals)
{
    private readonly bool _isRehearsal = new CommandPreferences(command).WhatIf;
    private readonly Dictionary<string, string> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RotationPlace>> _places = new(StringComparer.Ordinal);
    private readonly List<(string ClientId, UnopenedDestination Destination)> _unopened = [];

    /// <summary>The options that follow from the connection.</summary>
    public RotationOptions Options(string clientId) => new()
    {
        ClientId = clientId,
        ApiUrl = connection.ApiUrl.GetLeftPart(UriPartial.Authority),
        AccountId = connection.AccountId!,
        IsRehearsal = _isRehearsal,
        OwnKeyId = connection.ClientId == clientId ? connection.KeyId : null,
    };

    /// <summary>Whether a rotation is of this connection's account.</summary>
    public bool IsOwn(Rotation rotation) => rotation.IsOf(connection.AccountId);

    /// <summary>Opens a destination.</summary>
    /// <param name="choice">The destination.</param>
    /// <param name="clientId">The client.</param>
    /// <param name="saves">Whether it is written to.</param>
    /// <param name="error">Why there is none; null if there is one.</param>
    public RotationTarget? Open(DestinationChoice choice, string clientId, bool saves, out ErrorRecord? error)
    {
        error = choice.FindError(clientId, saves);
        if (error is not null)
        {
            Unopened(null, new IOException(error.ToString()));
            return null;
        }

        ISecretSource source = choice.Open(command, connection, clientId);
        try
        {
            RotationPlace place = choice.Describe(source);

            Remember(clientId, place);

            // A script may keep each client's key in a place of its own.
            if (saves && !place.IsScript && !Claim(place, clientId))
            {
                error = ErrorFactory.RotationDestinationTaken(clientId, source.Name, _clients[place.Identity]);
                return null;
            }

            return new RotationTarget(source, place);
        }
        catch (IOException e)
        {
            RotationPlace? unopened = choice.DescribeUnopened(source);
            UnopenedDestination destination = Unopened(unopened, e);

            // The journal must know of it. There it fails like one that can't be read.
            if (saves && journals.Folder is { } folder && unopened is not null && !folder.Knows(Options(clientId), unopened))
                return new RotationTarget(destination, unopened);
            error = ErrorFactory.RotationDestinationFailed(clientId, source.Name, e);
            return null;
        }

        UnopenedDestination Unopened(RotationPlace? place, IOException failure)
        {
            UnopenedDestination unopened = new(place ?? new RotationPlace(Messages.AnotherDestination, string.Empty), failure);
            _unopened.Add((clientId, unopened));
            return unopened;
        }
    }

    /// <summary>The destination of a recorded rotation; null if the journal does not have it.</summary>
    /// <exception cref="RotationException">The journal is damaged.</exception>
    /// <exception cref="JournalException">The journal can't be read.</exception>
    public RotationPlace? FindPlace(string clientId, string rotationId) => rotationId.Length == 0 ? null
        : journals.Folder?.List(clientId).Select(entry => entry.Read()).FirstOrDefault(rotation => rotation is { IsNote: false } && rotation.Id == rotationId && IsOwn(rotation))?.Place;

    /// <summary>The destination of a client's only open rotation, or else of the one that was completed last.</summary>
    /// <exception cref="RotationException">There is none, or more than one is open, or the journal is damaged.</exception>
    /// <exception cref="JournalException">The journal can't be read.</exception>
    public DestinationChoice FindOpen(RotationOptions options, ScriptBlock? readScript)
    {
        Rotation[] all = [.. (journals.Folder?.List(options.ClientId) ?? []).Select(entry => entry.Read()).OfType<Rotation>().Where(rotation => !rotation.IsNote && rotation.ClientId == options.ClientId && IsOwn(rotation)).OrderBy(rotation => rotation.StepTime)];
        Rotation[] open = [.. all.Where(rotation => rotation.Step != RotationStep.Completed)];

        // What is not delivered can't be completed anyway.
        if (open.Any(rotation => rotation.IsDelivered))
            open = [.. open.Where(rotation => rotation.IsDelivered)];
        if (open.Length > 1)
            throw RotationFailure.Several(options.ClientId, open);
        Rotation found = open.FirstOrDefault() ?? all.LastOrDefault() ?? throw RotationFailure.Unknown(options.ClientId);
        DestinationChoice choice = DestinationChoice.From(found.Place, readScript);
        return choice.IsNone ? throw RotationFailure.ScriptNeeded() : choice;
    }

    /// <summary>A request that starts a rotation, or carries it on.</summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Start(RotationOptions options, RotationTarget target) =>
        (_, cancellation) => RunAsync(options, target, run => run.StartAsync(plan => ConfirmAsync(plan, target.Place), cancellation), isDeletion: false, cancellation);

    /// <summary>A request that completes a rotation.</summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Complete(RotationOptions options, RotationTarget target) =>
        (_, cancellation) => RunAsync(options, target, run => run.CompleteAsync(plan => ConfirmAsync(plan, target.Place), cancellation), isDeletion: true, cancellation);

    /// <summary>
    /// A request that reads how far a rotation is, from its record or, where none can be kept, from destination and server. A
    /// destination without a record is not being rotated: its client's older key may be another deployment's.
    /// </summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Inspect(RotationOptions options, RotationTarget target) => async (_, cancellation) =>
    {
        Rotation? rotation = await Run(options, target, journals.Choose(options, target), (_, _) => { }).InspectAsync(cancellation).ConfigureAwait(false);
        return rotation?.ToModel(options.Now());
    };

    private void Remember(string clientId, RotationPlace place)
    {
        if (!_places.TryGetValue(clientId, out List<RotationPlace>? places))
            _places.Add(clientId, places = []);
        places.Add(place);
    }

    // The other destinations of a client, of which the journal knows, or which are in the same command.
    private async Task<IReadOnlyCollection<OtherRotation>> FindOthersAsync(RotationOptions options, RotationTarget target, IRotationJournal own, bool isDeletion)
    {
        List<OtherRotation> others = own is FileJournal file && journals.Folder is { } folder
            ? [.. folder.FindOthers(options, file, target.Place).Select(other => new OtherRotation(other.Rotation, OpenOther(other.Rotation), other.Path))]
            : [];
        HashSet<string> known = new(others.Select(other => other.Rotation.Place.Identity).Append(target.Place.Identity), StringComparer.Ordinal);
        foreach (RotationPlace place in _places.TryGetValue(options.ClientId, out List<RotationPlace>? places) ? places.Where(place => !place.IsScript && known.Add(place.Identity)) : [])
        {
            RotationTarget other = new(DestinationChoice.From(place, readScript: null).Open(command, connection, options.ClientId), place);
            IRotationJournal journal = await command.OnPipelineAsync(() => journals.Choose(options, other)).ConfigureAwait(false);
            Rotation rotation = await ReadRecordAsync(journal, options, isDeletion).ConfigureAwait(false) ?? Rotation.NoteOf(options, place, keyId: null);
            others.Add(new OtherRotation(rotation, new PipelineDestination(command, other), JournalChoice.Name(journal)));
        }

        // Of one that has a record, that says what it held last.
        RotationPlace[] recorded = [.. others.Select(other => other.Rotation.Place), target.Place];
        others.AddRange(_unopened.Where(unopened => unopened.ClientId == options.ClientId && !recorded.Any(unopened.Destination.Place.IsNamedLike))
            .Select(unopened => new OtherRotation(Rotation.NoteOf(options, unopened.Destination.Place, keyId: null), new PipelineDestination(command, new RotationTarget(unopened.Destination, unopened.Destination.Place)), string.Empty)));
        return others;
    }

    private static async Task<Rotation?> ReadRecordAsync(IRotationJournal journal, RotationOptions options, bool isDeletion)
    {
        try
        {
            return await journal.ReadAsync().ConfigureAwait(false) is { } record && record.ClientId == options.ClientId && record.IsOf(options.AccountId) ? record : null;
        }
        catch (Exception e) when (e is IOException or RotationException && !isDeletion)
        {
            // Its own rotation reports it. A deletion has to know what it keeps.
            return null;
        }
    }

    // A script that reads another destination would have to be given.
    private PipelineDestination? OpenOther(Rotation rotation) => DestinationChoice.From(rotation.Place, readScript: null) is { IsNone: false } choice
        ? new PipelineDestination(command, new RotationTarget(choice.Open(command, connection, rotation.ClientId), rotation.Place))
        : null;

    // Otherwise the second client's rotation would replace the first one's new key.
    private bool Claim(RotationPlace place, string clientId)
    {
        if (_clients.TryGetValue(place.Identity, out string? first))
            return first == clientId;
        _clients.Add(place.Identity, clientId);
        return true;
    }

    private async Task<AccessKeyRotation?> RunAsync(RotationOptions options, RotationTarget target, Func<RotationRun, Task<Rotation?>> action, bool isDeletion, CancellationToken cancellation)
    {
        IRotationJournal journal = journals.Choose(options, target);
        using IDisposable? held = !_isRehearsal && journals.FindLock(options, journal) is { } file ? await file.TakeAsync(options.ClientId, cancellation).ConfigureAwait(false) : null;
        options = options with { NotesDestinations = journals.Folder is not null, Others = await FindOthersAsync(options, target, journal, isDeletion).ConfigureAwait(false) };
        if (_isRehearsal)
        {
            if (journals.Folder is not null)
                (journal as FileJournal)?.Check();
            journal = new RehearsalJournal(journal);
        }

        List<string> warnings = [];
        Rotation? rotation;
        try
        {
            rotation = await action(Run(options, target, journal, (text, values) => warnings.Add(Warning(text, values)))).ConfigureAwait(false);
        }
        catch
        {
            // The failure may carry the new key, and -WarningAction Stop must not take its place.
            await Task.WhenAny(command.WarnAsync(warnings)).ConfigureAwait(false);
            throw;
        }
        finally
        {
            (target.Source as IDisposable)?.Dispose();
        }

        await command.WarnAsync(warnings).ConfigureAwait(false);
        return rotation?.ToModel(options.Now());
    }

    private RotationRun Run(RotationOptions options, RotationTarget target, IRotationJournal journal, Action<string, object?[]> notify)
    {
        RotationServer server = new((AuthressApi)connection.Client, command.AttachChanging, command.CommandLifetime.Reads);
        return new RotationRun(server, new PipelineDestination(command, target), journal, options, notify);
    }

    private static string Warning(string text, object?[] values) => CommandText.Format(Messages.ResourceManager.GetString(text)!, [.. values.Select(Moment.InText)]);

    private Task<bool> ConfirmAsync(RotationPlan plan, RotationPlace place) => command.OnPipelineAsync(() => Confirm(plan, place));

    private bool Confirm(RotationPlan plan, RotationPlace place)
    {
        string client = CommandText.Name(plan.ClientId, connection.Cache.FindName(plan.ClientId));
        string? key = plan.KeyId is null ? null : CommandText.Name(plan.KeyId, null);
        string? early = plan.Early is { } time ? (string)Moment.InText(time.ToLocalTime())! : null;
        return plan.Change switch
        {
            RotationChange.Begin when key is null => command.ShouldDo(Messages.RotateAccessKey, Messages.DeliverAccessKeyDescription, Messages.DeliverAccessKeyQuery, client, place.Name),
            RotationChange.Begin => command.ShouldDo(Messages.RotateAccessKey, Messages.RotateAccessKeyDescription, Messages.RotateAccessKeyQuery, client, place.Name, key),
            RotationChange.Continue => command.ShouldDo(Messages.RotateAccessKey, Messages.ContinueRotationDescription, Messages.ContinueRotationQuery, client, place.Name),
            RotationChange.RemoveLeftover => command.ShouldDo(Messages.DeleteAccessKey, Messages.DeleteLeftoverDescription, Messages.DeleteLeftoverQuery, client, key!),
            RotationChange.RetireGivenUp when early is null => command.ShouldDo(Messages.DeleteAccessKey, Messages.DeleteGivenUpDescription, Messages.DeleteGivenUpQuery, client, place.Name, key!),
            RotationChange.RetireGivenUp => command.ShouldDo(Messages.DeleteAccessKey, Messages.DeleteGivenUpEarlyDescription, Messages.DeleteGivenUpEarlyQuery, client, place.Name, key!, early),
            _ when key is null => command.ShouldDo(Messages.CompleteRotation, Messages.EndRotationDescription, Messages.EndRotationQuery, client, place.Name),
            _ when early is not null => command.ShouldDo(Messages.CompleteRotation, Messages.CompleteRotationEarlyDescription, Messages.CompleteRotationEarlyQuery, client, place.Name, key, early),
            _ => command.ShouldDo(Messages.CompleteRotation, Messages.CompleteRotationDescription, Messages.CompleteRotationQuery, client, place.Name, key),
        };
    }
}
