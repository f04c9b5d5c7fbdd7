using System.Security;
using Authress.Client.AccessKeys;
using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations.Model;

/// <summary>The calls that a run makes.</summary>
internal enum Port
{
    List,
    Register,
    Delete,
    IsGone,
    Prove,
    Check,
    Prepare,
    ReadContent,
    WriteContent,
    ReadJournal,
    WriteJournal,
}

/// <summary>What goes wrong in a call.</summary>
internal sealed record Fault
{
    public static readonly Fault None = new();

    /// <summary>Thrown before the call does anything.</summary>
    public Exception? Before { get; init; }

    /// <summary>Thrown after the call did everything.</summary>
    public Exception? After { get; init; }

    /// <summary>How old the state is that is read.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>The result of a proof.</summary>
    public AccessKeyProof? Proof { get; init; }

    /// <summary>What the destination stores in place of what it is given.</summary>
    public string? Stores { get; init; }
}

/// <summary>A machine that rotates: its journal, and the runs' ports over a world.</summary>
/// <param name="world">The world.</param>
/// <param name="name">The machine's name.</param>
/// <param name="lasts">Whether its journal outlives a run.</param>
internal sealed class RotationMachine(RotationWorld world, string name, bool lasts = true) : IRotationServer, IRotationDestination, IRotationJournal
{
    /// <summary>The usual destination.</summary>
    public static readonly RotationPlace File = new("a file", "file:/key", OutFile: "/key");

    /// <summary>Called before each call, with what it may still do later; a task that never ends kills the run there.</summary>
    public Func<Port, Action?, Task<Fault>> Entering { get; set; } = (_, _) => Task.FromResult(Fault.None);

    /// <summary>Called after each call has acted, and before it returns.</summary>
    public Func<Port, Task> Leaving { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called at each call that changes something, before the change.</summary>
    public Action<Port, object> Changing { get; set; } = (_, _) => { };

    /// <summary>Until when a new key does not work.</summary>
    public Func<TimeSpan> Delay { get; set; } = () => TimeSpan.Zero;

    public string Name => name;

    /// <summary>The journal's text; null if there is none.</summary>
    public string? JournalText { get; set; }

    /// <summary>The journal's record; null if there is none.</summary>
    public Rotation? Record { get; private set; }

    /// <summary>The warnings of all runs.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The changes that were confirmed.</summary>
    public List<RotationPlan> Plans { get; } = [];

    /// <summary>How many writes the world's destination had at this machine's last read of it.</summary>
    public int WritesSeen { get; private set; }

    /// <summary>The calls of this run that have ended, with their results.</summary>
    public List<(Port Port, object? Result)> Trail { get; } = [];

    /// <summary>What this run read in the destination, and whether it worked then.</summary>
    public List<(string? Text, bool Works)> ContentsRead { get; } = [];

    public RotationPlace Place { get; init; } = File;

    public bool Lasts => lasts;

    public bool IsLocked { get; set; } = true;

    public TimeSpan? ClockSkew { get; set; }

    /// <summary>The options of a run.</summary>
    public RotationOptions Options => new()
    {
        ClientId = RotationWorld.ClientId,
        ApiUrl = RotationWorld.ApiUrl,
        AccountId = RotationWorld.AccountId,
        Now = () => world.Now,
    };

    /// <summary>A run over this machine's ports.</summary>
    public RotationRun NewRun(RotationOptions options)
    {
        Trail.Clear();
        ContentsRead.Clear();
        if (!lasts)
            SetJournal(null);
        return new RotationRun(this, this, this, options, (id, _) => Warnings.Add(id));
    }

    /// <summary>Puts a record into the journal.</summary>
    public void SetJournal(Rotation? rotation)
    {
        Record = rotation;
        JournalText = rotation is null ? null : RotationJson.Write(rotation);
    }

    /// <summary>What kind of failure it is.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        RotationException rotation => rotation.ErrorId,
        AuthressApiException api => $"{api.StatusCode}",
        _ => failure.GetType().Name,
    };

    /// <summary>A request's failure.</summary>
    public static AuthressApiException ApiFailure(int status, bool outcomeUnknown = false) =>
        new("A request failed.") { StatusCode = status, OutcomeUnknown = outcomeUnknown };

    public async Task<IReadOnlyList<AccessKey>> ListKeysAsync(string clientId, CancellationToken cancellationToken) =>
        await CallAsync<IReadOnlyList<AccessKey>>(Port.List, fault => [.. ReadKeys(fault).Select(ToModel)], later: null, cancellationToken).ConfigureAwait(false);

    public Task<AccessKey> RegisterAsync(string clientId, string publicKey, CancellationToken cancellationToken) =>
        CallAsync(Port.Register, _ => ToModel(Register(publicKey)), () => Register(publicKey), cancellationToken);

    public Task DeleteKeyAsync(string clientId, string keyId, bool isUndo, CancellationToken cancellationToken) =>
        CallAsync(Port.Delete, _ => Delete(keyId), () => Delete(keyId), isUndo ? default : cancellationToken);

    public Task<bool> IsGoneAsync(string clientId, string keyId, CancellationToken cancellationToken) =>
        CallAsync(Port.IsGone, fault => ReadKeys(fault).All(key => key.KeyId != keyId), later: null, cancellationToken);

    public Task<AccessKeyProof> ProveAsync(SecureString accessKey, TimeSpan wait, CancellationToken cancellationToken) =>
        CallAsync(Port.Prove, fault => fault.Proof ?? Prove(SecretText.Reveal(accessKey), wait), later: null, cancellationToken);

    public bool WritesAtOnce { get; init; }

    public Task CheckAsync() => CallAsync(Port.Check, _ => true);

    public Task PrepareAsync() => CallAsync(Port.Prepare, _ => true);

    Task<SecureString?> IRotationDestination.ReadAsync() => CallAsync(Port.ReadContent, fault =>
    {
        string? content = fault.Lag > TimeSpan.Zero ? world.EarlierContent : world.Content;
        ContentsRead.Add((content, world.Works(content)));
        WritesSeen = world.Writes;
        return content is null ? null : SecretText.Protect(content);
    });

    public Task WriteAsync(IssuedAccessKey key)
    {
        string text = SecretText.Reveal(key.AccessKey!);
        return CallAsync(Port.WriteContent, fault => Write(fault.Stores ?? text), () => Write(text));
    }

    Task<Rotation?> IRotationJournal.ReadAsync() => CallAsync(Port.ReadJournal, _ => JournalText is { } text ? RotationJson.Read(text, "the journal") : null);

    public Task WriteAsync(Rotation rotation) => CallAsync(Port.WriteJournal, _ =>
    {
        Changing(Port.WriteJournal, rotation);
        SetJournal(rotation);
        return true;
    });

    private static AccessKey ToModel(WorldKey key) => new(RotationWorld.ClientId, key.KeyId) { PublicKey = key.PublicKey, GenerationDate = key.Made };

    private Task<T> CallAsync<T>(Port port, Func<Fault, T> act, Action? later = null) => CallAsync(port, act, later, CancellationToken.None);

    private async Task<T> CallAsync<T>(Port port, Func<Fault, T> act, Action? later, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Fault fault = await Entering(port, later).ConfigureAwait(false);
        if (fault.Before is { } before)
            throw before;
        if (cancellationToken.IsCancellationRequested)
            throw port == Port.Register ? ApiFailure(0, outcomeUnknown: true) : new OperationCanceledException(cancellationToken);
        T result = act(fault);
        Trail.Add((port, result));
        await Leaving(port).ConfigureAwait(false);
        return fault.After is { } after ? throw after : result;
    }

    private IReadOnlyList<WorldKey> ReadKeys(Fault fault) => world.IsClientDeleted ? throw ApiFailure(404)
        : fault.Lag > TimeSpan.Zero ? world.KeysAt(world.Now - fault.Lag) : world.Keys;

    private WorldKey Register(string publicKey)
    {
        if (world.IsClientDeleted)
            throw ApiFailure(404);
        if (world.Keys.Count >= RotationWorld.MaximumKeys)
            throw ApiFailure(400);
        Changing(Port.Register, publicKey);
        return world.Register(publicKey, name, Delay());
    }

    private bool Delete(string keyId)
    {
        if (world.IsClientDeleted)
            throw ApiFailure(404);
        Changing(Port.Delete, keyId);
        return world.Delete(keyId);
    }

    // A wait for a key that does not work yet lets time pass.
    private AccessKeyProof Prove(string text, TimeSpan wait)
    {
        WorldKey? key = world.FindKey(text);
        if (key is not null && key.UsableFrom > world.Now && key.UsableFrom - world.Now <= wait)
            world.Now = key.UsableFrom;
        bool works = world.Works(text);
        return new AccessKeyProof(works, works ? 200 : 401, key is not null && !world.IsClientDeleted, works ? null : "It is refused.");
    }

    private bool Write(string text)
    {
        Changing(Port.WriteContent, text);
        world.Write(text, name);
        return true;
    }
}
