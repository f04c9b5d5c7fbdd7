using System.Globalization;
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
    // Under -WhatIf no file is touched, and nothing changes that a lock would protect.
    private readonly bool _locks = !new CommandPreferences(command).WhatIf;

    /// <summary>The options that follow from the connection.</summary>
    public RotationOptions Options(string clientId) => new()
    {
        ClientId = clientId,
        ApiUrl = connection.ApiUrl.GetLeftPart(UriPartial.Authority),
        AccountId = connection.AccountId!,
        OwnKeyId = connection.ClientId == clientId ? connection.KeyId : null,
    };

    /// <summary>Whether a rotation is of this connection's account.</summary>
    public bool IsOwn(Rotation rotation) => rotation.IsOf(connection.ApiUrl, connection.AccountId);

    /// <summary>Opens a destination.</summary>
    /// <param name="choice">The destination.</param>
    /// <param name="clientId">The client.</param>
    /// <param name="saves">Whether it is written to.</param>
    /// <param name="error">Why there is none; null if there is one.</param>
    public RotationTarget? Open(DestinationChoice choice, string clientId, bool saves, out ErrorRecord? error)
    {
        error = choice.FindError(clientId, saves);
        if (error is not null)
            return null;
        ISecretSource source = choice.Open(command, connection, clientId);
        try
        {
            return new RotationTarget(source, choice.Describe(source));
        }
        catch (IOException e)
        {
            error = ErrorFactory.RotationDestinationFailed(clientId, source.Name, e);
            return null;
        }
    }

    /// <summary>The destination of a client's only open rotation, or else of the one that was completed last.</summary>
    /// <exception cref="RotationException">There is none, or more than one is open, or the journal is damaged.</exception>
    /// <exception cref="JournalException">The journal can't be read.</exception>
    public DestinationChoice FindOpen(RotationOptions options, ScriptBlock? readScript)
    {
        Rotation[] all = [.. (journals.Folder?.List(options.ClientId) ?? []).Select(entry => entry.Read()!).Where(rotation => rotation.ClientId == options.ClientId && IsOwn(rotation)).OrderBy(rotation => rotation.StepTime)];
        Rotation[] open = [.. all.Where(rotation => rotation.Step != RotationStep.Completed)];
        if (open.Length > 1)
            throw RotationFailure.Several(options.ClientId, open);
        Rotation found = open.FirstOrDefault() ?? all.LastOrDefault() ?? throw RotationFailure.Unknown(options.ClientId);
        DestinationChoice choice = DestinationChoice.From(found.Place, readScript);
        return choice.IsNone ? throw RotationFailure.ScriptNeeded() : choice;
    }

    /// <summary>A request that starts a rotation, or carries it on.</summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Start(RotationOptions options, RotationTarget target) =>
        (_, cancellation) => RunAsync(options, target, run => run.StartAsync(plan => ConfirmAsync(plan, target.Place), cancellation), cancellation);

    /// <summary>A request that completes a rotation.</summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Complete(RotationOptions options, RotationTarget target) =>
        (_, cancellation) => RunAsync(options, target, run => run.CompleteAsync(plan => ConfirmAsync(plan, target.Place), cancellation), cancellation);

    /// <summary>
    /// A request that reads how far a rotation is, from its record or, where none can be kept, from destination and server. A
    /// destination without a record is not being rotated: its client's older key may be another deployment's.
    /// </summary>
    public Func<AuthressApi, CancellationToken, Task<AccessKeyRotation?>> Inspect(RotationOptions options, RotationTarget target) => async (_, cancellation) =>
    {
        IRotationJournal journal = journals.Choose(options, target);
        Rotation? rotation = await (journal.Lasts ? journal.ReadAsync() : Run(options, target, journal, (_, _) => { }).InspectAsync(cancellation)).ConfigureAwait(false);
        return rotation?.ToModel(options.Now());
    };

    private async Task<AccessKeyRotation?> RunAsync(RotationOptions options, RotationTarget target, Func<RotationRun, Task<Rotation?>> action, CancellationToken cancellation)
    {
        IRotationJournal journal = journals.Choose(options, target);
        using IDisposable? held = journals.Folder is { } folder && _locks ? await folder.LockAsync(options.ClientId, cancellation).ConfigureAwait(false) : null;
        if (journal is FileJournal own && journals.Folder is not null)
            options = options with { KeysOfOthers = journals.Folder.FindKeysOfOthers(options, own) };
        List<(string Text, object?[] Values)> warnings = [];
        try
        {
            Rotation? rotation = await action(Run(options, target, journal, (text, values) => warnings.Add((text, values)))).ConfigureAwait(false);
            return rotation?.ToModel(options.Now());
        }
        finally
        {
            (target.Source as IDisposable)?.Dispose();
            if (warnings.Count > 0)
                await command.OnPipelineAsync(() => Warn(warnings)).ConfigureAwait(false);
        }
    }

    private RotationRun Run(RotationOptions options, RotationTarget target, IRotationJournal journal, Action<string, object?[]> notify)
    {
        RotationServer server = new((AuthressApi)connection.Client, command.AttachChanging, command.CommandLifetime.Reads);
        return new RotationRun(server, new PipelineDestination(command, target), journal, options, notify);
    }

    private bool Warn(List<(string Text, object?[] Values)> warnings)
    {
        foreach ((string text, object?[] values) in warnings)
            command.WriteWarning(CommandText.Format(Messages.ResourceManager.GetString(text)!, [.. values.Select(Shown)]));
        return true;
    }

    // As the tables show it.
    private static object? Shown(object? value) => value is DateTimeOffset time ? time.UtcDateTime.ToString(Moment.ToMinute, CultureInfo.InvariantCulture) : value;

    private Task<bool> ConfirmAsync(RotationPlan plan, RotationPlace place) => command.OnPipelineAsync(() => Confirm(plan, place));

    private bool Confirm(RotationPlan plan, RotationPlace place)
    {
        string client = CommandText.Name(plan.ClientId, null);
        string key = plan.KeyId is null ? Messages.None : CommandText.Name(plan.KeyId, null);
        return plan.Change switch
        {
            RotationChange.Begin => command.ShouldDo(Messages.RotateAccessKey, Messages.RotateAccessKeyDescription, Messages.RotateAccessKeyQuery, client, place.Name, key),
            RotationChange.Continue => command.ShouldDo(Messages.RotateAccessKey, Messages.ContinueRotationDescription, Messages.ContinueRotationQuery, client, place.Name, key),
            RotationChange.RemoveLeftover => command.ShouldDo(Messages.DeleteAccessKey, Messages.DeleteLeftoverDescription, Messages.DeleteLeftoverQuery, client, key),
            _ => command.ShouldDo(Messages.CompleteRotation, Messages.CompleteRotationDescription, Messages.CompleteRotationQuery, client, place.Name, key),
        };
    }
}
