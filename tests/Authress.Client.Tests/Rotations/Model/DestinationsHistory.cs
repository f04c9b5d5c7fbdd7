using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations.Model;

/// <summary>
/// A random history of several destinations of one client, whose rotations know of each other: what one of them deletes, none of
/// the others may need. Kills and late arrivals are played by <c>RotationModel</c>, which has one destination.
/// </summary>
/// <param name="random">Decides what happens.</param>
/// <param name="log">Receives what happens.</param>
internal sealed class DestinationsHistory(Random random, Action<string> log)
{
    /// <summary>The usual number of steps.</summary>
    public const int Steps = 80;

    private const int Destinations = 3;
    private const double FaultProbability = 0.02;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(2), TimeSpan.FromHours(13), TimeSpan.FromDays(1), TimeSpan.FromDays(100)];
    private static readonly TimeSpan?[] Overlaps = [null, TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(3)];

    private readonly WorldClient _client = new();
    private readonly List<RotationWorld> _worlds = [];
    private readonly List<RotationMachine> _machines = [];

    // Until when a key that a rotation took out of a destination works. The last word of each destination counts.
    private readonly Dictionary<(int Destination, string KeyId), DateTimeOffset> _kept = [];
    private readonly HashSet<string> _bystanders = [];

    // The destinations of which a look failed in this run.
    private readonly HashSet<RotationWorld> _unread = [];

    /// <summary>One of the histories of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="number">The history's number.</param>
    /// <param name="log">Receives what happens.</param>
    public static DestinationsHistory Of(int seed, int number, Action<string> log) => new(new Random(unchecked((seed * 7919) + number)), log);

    /// <summary>How often what happened.</summary>
    public Dictionary<string, long> Counts { get; } = [];

    /// <summary>Plays it.</summary>
    /// <param name="steps">How many steps.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public async Task<string?> PlayAsync(int steps)
    {
        for (int i = 0; i < Destinations; i++)
        {
            RotationWorld world = new(_client);
            _worlds.Add(world);
            _machines.Add(new RotationMachine(world, $"{(char)('A' + i)}")
            {
                Place = new RotationPlace($"file {i}", $"file:/{i}", OutFile: $"/{i}"),
                Entering = (port, _) => Task.FromResult(Enter(world, port)),
            });
        }

        (_, string shared) = _worlds[0].AddKey();
        _worlds[0].Write(shared, writer: null);
        AddBystander();
        _client.Now += TimeSpan.FromDays(1);
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(3) == 0)
                ActAsPeople();
            else if (await RunAsync(random.Next(Destinations), starts: random.Next(2) == 0).ConfigureAwait(false) is { } wrong)
                return wrong;
        }

        return null;
    }

    private Fault Enter(RotationWorld world, Port port)
    {
        if (random.NextDouble() >= FaultProbability)
            return Fault.None;
        if (port == Port.ReadContent)
            _unread.Add(world);
        return Failing(port);
    }

    private static Fault Failing(Port port) => new()
    {
        Before = port is Port.ReadContent or Port.WriteContent or Port.ReadJournal or Port.WriteJournal or Port.Check or Port.Prepare ? new IOException("The disk is full.") : RotationMachine.ApiFailure(503),
    };

    private void ActAsPeople()
    {
        int i = random.Next(Destinations);
        switch (random.Next(8))
        {
            case 0:
                // A copy of another destination's key.
                int from = random.Next(Destinations);
                Log($"people copy {from} to {i}");
                _worlds[i].Write(_worlds[from].Content, writer: null);
                break;
            case 1:
                Log($"people empty {i}");
                _worlds[i].Write(content: null, writer: null);
                break;
            case 2 when _client.Keys.Count < RotationWorld.MaximumKeys && _bystanders.Count < 2:
                AddBystander();
                break;
            case 3 when _bystanders.FirstOrDefault() is { } bystander:
                Log($"people delete {bystander}");
                _bystanders.Remove(bystander);
                _client.Delete(bystander);
                break;
            default:
                TimeSpan pause = Pauses[random.Next(Pauses.Length)];
                Log($"{pause} pass");
                _client.Now += pause;
                break;
        }
    }

    private async Task<string?> RunAsync(int i, bool starts)
    {
        RotationMachine machine = _machines[i];
        RotationOptions options = machine.Options with
        {
            NotesDestinations = true,
            Force = random.Next(starts ? 4 : 12) == 0,
            OlderThan = random.Next(3) == 0 ? TimeSpan.FromDays(30) : null,
            Overlap = Overlaps[random.Next(Overlaps.Length)],
            Others = [.. _machines.Where(other => other != machine && other.Record is not null).Select(other => new OtherRotation(other.Record!, other, string.Empty))],
        };

        // Of a destination for which Start was never run, no rotation can know.
        string?[] before = [.. _worlds.Select((world, other) => other == i || _machines[other].Record is not null ? world.HeldKey?.KeyId : null)];
        IReadOnlyList<WorldKey> keys = _client.Keys;
        Rotation? record = machine.Record;
        _unread.Clear();
        string end = await EndAsync(machine, options, starts).ConfigureAwait(false);
        Log($"{machine.Name}: {(starts ? "Start" : "Complete")}{(options.Force ? " -Force" : string.Empty)}: {end}");
        Count($"{(starts ? "Start" : "Complete")} {end}");
        string?[] after = [.. _worlds.Select(world => world.HeldKey?.KeyId)];
        if (record?.Id != machine.Record?.Id && machine.Record is { IsNote: false, ReplacedKeyId: { } chosen } && FindWrongChoice(i, chosen, before) is { } wrong)
            return wrong;
        foreach (string deleted in keys.Except(_client.Keys).Select(key => key.KeyId))
        {
            if (_bystanders.Contains(deleted))
                return $"{machine.Name} deletes {deleted} of others";
            if (!starts && !options.Force && _kept.FirstOrDefault(kept => kept.Key.KeyId == deleted && _client.Now < kept.Value) is { Key.KeyId: not null } kept)
                return $"{machine.Name} deletes {deleted}, which {_machines[kept.Key.Destination].Name} keeps until {kept.Value:MM-dd HH:mm}";
            Count(starts ? "deleted by Start" : "deleted by Complete");
        }

        if (Enumerable.Range(0, Destinations).Any(other => before[other] is { } lost && after[other] is null && CanBeKnown(other, lost)))
            return $"after {machine.Name} a destination holds no key that works";
        Keep(i, before[i], record, machine.Record);
        return null;
    }

    private static async Task<string> EndAsync(RotationMachine machine, RotationOptions options, bool starts)
    {
        try
        {
            RotationRun run = machine.NewRun(options);
            Rotation? rotation = await (starts ? run.StartAsync(_ => Task.FromResult(true), default) : run.CompleteAsync(_ => Task.FromResult(true), default)).ConfigureAwait(false);
            return $"{rotation?.Step}";
        }
        catch (Exception e) when (e is RotationException or AuthressApiException or IOException)
        {
            return RotationMachine.Describe(e);
        }
    }

    // Of a destination that can't be read, the record says what it holds, unless people have changed that since.
    private bool CanBeKnown(int other, string keyId) => !_unread.Contains(_worlds[other]) || _machines[other].Record?.DestinationKeyId == keyId;

    // The destination's own key, or one that nothing else has.
    private string? FindWrongChoice(int i, string chosen, string?[] before)
    {
        bool isOthers = before.Where((keyId, other) => other != i && keyId == chosen && CanBeKnown(other, chosen)).Any();
        if (chosen != before[i] && isOthers)
            return $"{_machines[i].Name} replaces {chosen}, which another destination holds";
        if (chosen != before[i] && _bystanders.Count(keyId => _client.Keys.Any(key => key.KeyId == keyId)) > 1 && _bystanders.Contains(chosen))
            return $"{_machines[i].Name} guesses {chosen}";
        _bystanders.Remove(chosen);
        return null;
    }

    // What a rotation takes out of the destination works for its overlap.
    private void Keep(int i, string? before, Rotation? earlier, Rotation? now)
    {
        if (now is null || now.IsNote)
            return;
        if (before is not null && _worlds[i].HeldKey?.KeyId is { } held && held != before)
            Keep(i, before, now);
        if (earlier is { IsDelivered: true, PublicKey: not null, NewKeyId: { } given } && (now.Step == RotationStep.Planned || now.NewKeyId != given) && given != _worlds[i].HeldKey?.KeyId)
            Keep(i, given, earlier);
        if (now is { IsDelivered: true, ReplacedKeyId: { } replaced } && !(earlier is { IsDelivered: true } && earlier.NewKeyId == now.NewKeyId))
            Keep(i, replaced, now);
    }

    private void Keep(int i, string keyId, Rotation rotation) => _kept[(i, keyId)] = _client.Now + rotation.Overlap;

    private void AddBystander()
    {
        string keyId = _worlds[0].AddKey().Key.KeyId;
        Log($"people make {keyId}");
        _bystanders.Add(keyId);
    }

    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    private void Log(string what) =>
        log($"{_client.Now:MM-dd HH:mm} {what}  [{string.Join("; ", _worlds.Select(world => world.HeldKey?.KeyId ?? (world.Content is null ? "nothing" : "no key")))}] {string.Join(' ', _client.Keys.Select(key => key.KeyId))}");
}
