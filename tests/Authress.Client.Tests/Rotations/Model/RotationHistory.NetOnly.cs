using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations.Model;

/// <summary>One history: its steps.</summary>
internal sealed partial class RotationHistory
{
    private const int MaximumRounds = 12;

    private readonly Random _random;
    private readonly Action<string>? _log;
    private readonly IDictionary<string, long> _counts;
    private readonly RotationWorld _world = new();
    private readonly Machine[] _machines;
    private readonly List<Late> _late = [];
    private readonly HashSet<string> _bystanders = [];
    private readonly HashSet<string> _deletedByPeople = [];

    // Keys whose accounting people have taken over, by what they did.
    private readonly HashSet<string> _inHands = [];

    private readonly int _length;
    private readonly double _faults;
    private readonly double _lags;
    private readonly double _kills;
    private readonly double _people;
    private readonly bool _corrupts;
    private int _lastLateWrite;
    private bool _isEnding;
    private bool _mustWork;
    private string? _excuse;
    private string? _wrong;

    public RotationHistory(Random random, Action<string>? log, IDictionary<string, long> counts)
    {
        (_random, _log, _counts) = (random, log, counts);
        _length = random.Next(20, 200);
        _faults = Rate(0.1);
        _lags = Rate(0.3);
        _kills = Rate(0.05);
        _people = Rate(0.05);
        _corrupts = random.Next(4) == 0;
        _machines = [.. Enumerable.Range(0, random.Next(2) == 0 ? 2 : 1).Select(i => new Machine(_world, i == 0 ? "A" : "B", random.Next(8) > 0))];
        foreach (Machine machine in _machines)
            Connect(machine);
        for (int i = random.Next(4); i > 0; i--)
            _bystanders.Add(_world.AddKey().Key.KeyId);
        if (random.Next(5) > 0)
            _world.Write(_world.AddKey().Text, writer: null);
        _mustWork = _world.HoldsWorkingKey;

        double Rate(double most) => random.Next(6) switch { 0 or 1 => 0, 2 => random.NextDouble() * most * 4, _ => random.NextDouble() * most };
    }

    /// <summary>How many steps were made.</summary>
    public int Steps { get; private set; }

    /// <summary>Plays the history.</summary>
    /// <returns>The finding; null if there is none.</returns>
    public string? Play()
    {
        while (Steps < _length && _wrong is null)
            Step();
        if (_wrong is null)
            End();
        return _wrong;
    }

    private void Step()
    {
        Steps++;
        _excuse = null;
        if (Chance(_people))
            ActAsPeople();
        else if (_late.Count > 0 && Chance(0.1))
            Land(_late[_random.Next(_late.Count)]);
        else if (Chance(0.03))
            LetTimePass();
        else
            Move(_machines[_random.Next(_machines.Length)]);
        Verify();
    }

    private void LetTimePass()
    {
        TimeSpan span = _random.Next(3) switch { 0 => TimeSpan.FromMinutes(_random.Next(1, 20)), 1 => TimeSpan.FromHours(_random.Next(1, 12)), _ => TimeSpan.FromDays(_random.Next(1, 4)) };
        _world.Now += span;
        Log($"{span} pass");
    }

    // One step of a machine: begins a run, lets one on to its next call, or ends one.
    private void Move(Machine machine)
    {
        _world.Now += TimeSpan.FromMilliseconds(_random.Next(10, 500));
        if (machine.Run is null)
            Begin(machine, RandomRun(machine));
        else if (!_isEnding && Chance(_kills))
            Kill(machine);
        else if (!_isEnding && Chance(_kills / 4))
            Stop(machine);
        else
            machine.Advance();
        if (machine.Run is { IsCompleted: true })
            Finish(machine);
    }

    private (bool Starts, RotationOptions Options) RandomRun(Machine machine)
    {
        RotationOptions options = machine.Ports.Options with
        {
            Force = _random.Next(6) == 0,
            OlderThan = _random.Next(4) == 0 ? TimeSpan.FromHours(_random.Next(100)) : null,
            Overlap = _random.Next(3) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromHours(1), _ => null as TimeSpan? },
            Wait = TimeSpan.FromMinutes(_random.Next(8)),
        };
        bool starts = _random.Next(10) < (machine.Ports.Record is { IsDelivered: true } ? 3 : 9);
        if (_people > 0 && _random.Next(20) == 0 && _world.Keys.Count > 0)
        {
            // Whoever names a key gives it up.
            options = options with { KeyId = _world.Keys[_random.Next(_world.Keys.Count)].KeyId };
            _bystanders.Remove(options.KeyId);
            if (options.Force && machine.Ports.Record?.ReplacedKeyId is { } replaced)
                _inHands.Add(replaced);
        }

        return (starts, options);
    }

    private void Begin(Machine machine, (bool Starts, RotationOptions Options) next)
    {
        Log($"{machine.Ports.Name}: {(next.Starts ? "Start" : "Complete")}{(next.Options.Force ? " -Force" : "")}{(next.Options.KeyId is { } id ? " -KeyId " + id : "")}");
        Count(next.Starts ? "Start" : "Complete");
        bool declines = !_isEnding && _random.Next(20) == 0;
        Func<RotationPlan, Task<bool>> confirm = _ => Task.FromResult(!declines);
        (machine.Starts, machine.Options, machine.Declines) = (next.Starts, next.Options, declines);
        machine.StartRecord = machine.Ports.Lasts ? machine.Ports.Record : null;
        machine.DeletedByOthers.Clear();
        machine.Stopping = new CancellationTokenSource();
        RotationRun run = machine.Ports.NewRun(next.Options);
        machine.Run = next.Starts ? run.StartAsync(confirm, machine.Stopping.Token) : run.CompleteAsync(confirm, machine.Stopping.Token);
    }

    // The process is gone: nothing of it runs any more. What it had sent may still arrive.
    private void Kill(Machine machine)
    {
        Log($"{machine.Ports.Name}: killed {(machine.IsInside ? "in" : "before")} {machine.Current}");
        Count("kills");
        Action? later = machine.Later;
        bool mayArrive = !machine.HasActed && later is not null;
        Port port = machine.Current;
        machine.Abandon();
        if (mayArrive && _random.Next(2) == 0)
            Postpone(machine, port, later!);
    }

    private void Stop(Machine machine)
    {
        Log($"{machine.Ports.Name}: stopped in {machine.Current}");
        Count("stops");
        machine.Stopping!.Cancel();
        machine.Advance();
    }

    private void Finish(Machine machine)
    {
        Task<Rotation?> run = machine.Run!;
        machine.Run = null;
        machine.Stopping!.Dispose();
        machine.LastError = run.Exception?.InnerException;
        switch (machine.LastError)
        {
            case null when run.IsCanceled:
            case OperationCanceledException:
                Count("stopped runs");
                break;
            case null:
                Log($"{machine.Ports.Name}: {run.Result?.Step.ToString() ?? "nothing to do"}");
                Count(run.Result is null ? "nothing to do" : $"result {run.Result.Step}");
                break;
            case RotationException rotation:
                Log($"{machine.Ports.Name}: {rotation.ErrorId}");
                Count(rotation.ErrorId);
                break;
            case AuthressApiException or IOException:
                Log($"{machine.Ports.Name}: {machine.LastError.Message}");
                Count(machine.LastError is IOException ? "IO errors" : "API errors");
                break;
            default:
                Fail($"{machine.LastError}");
                break;
        }
    }

    private void Connect(Machine machine)
    {
        RotationMachine ports = machine.Ports;
        ports.Entering = async (port, later) =>
        {
            await machine.PauseAsync(port, later, isInside: false).ConfigureAwait(false);
            Fault fault = _isEnding ? Fault.None : NextFault(machine, port, later);
            if (fault != Fault.None)
                Log($"{ports.Name}: {port} {fault}");
            return fault;
        };
        ports.Leaving = port => machine.PauseAsync(port, null, isInside: true);
        ports.Changing = (port, what) => VerifyChange(machine, port, what);
        ports.Delay = () => _random.Next(3) == 0 ? TimeSpan.FromSeconds(_random.Next(400)) : TimeSpan.Zero;
    }

    private string Describe(string? content) => content is null ? "nothing" : _world.Parse(content) is { } key ? $"{key.ClientId}/{key.KeyId}" : "a text";

    private void Fail(string wrong)
    {
        Log($"WRONG: {wrong}");
        _wrong ??= wrong;
    }

    private bool Chance(double rate) => rate > 0 && _random.NextDouble() < rate;

    private void Count(string what) => _counts[what] = _counts.TryGetValue(what, out long count) ? count + 1 : 1;

    private void Log(string text)
    {
        if (_log is not null)
            _log($"{Steps,4} {_world.Now:MM-dd HH:mm:ss} {text}  [{Describe(_world.Content)}; {string.Join(' ', _world.Keys.Select(key => key.KeyId + key.Maker))}; {string.Join(' ', _machines.Select(machine => $"{machine.Ports.Name} {machine.Ports.Record?.Step} {machine.Ports.Record?.NewKeyId}<{machine.Ports.Record?.ReplacedKeyId}"))}]");
    }

    /// <summary>A request or a write that arrives late.</summary>
    private sealed record Late(Machine Machine, Port Port, Action Act, DateTimeOffset Since, int Writes, int WritesSeen);

    /// <summary>A machine, and the call in which its run waits.</summary>
    private sealed class Machine(RotationWorld world, string name, bool lasts)
    {
        private TaskCompletionSource? _pause;

        public RotationMachine Ports { get; } = new(world, name, lasts);

        public Task<Rotation?>? Run { get; set; }

        public bool Starts { get; set; }

        public bool Declines { get; set; }

        public RotationOptions Options { get; set; } = null!;

        public CancellationTokenSource? Stopping { get; set; }

        public Exception? LastError { get; set; }

        public Late? Landing { get; set; }

        public Rotation? StartRecord { get; set; }

        public HashSet<string> DeletedByOthers { get; } = [];

        public Port Current { get; private set; }

        public Action? Later { get; private set; }

        public bool IsInside { get; private set; }

        public bool HasActed => IsInside;

        public Task PauseAsync(Port port, Action? later, bool isInside)
        {
            (Current, Later, IsInside) = (port, later, isInside);
            _pause = new TaskCompletionSource();
            return _pause.Task;
        }

        public void Advance()
        {
            TaskCompletionSource pause = _pause!;
            _pause = null;
            pause.SetResult();
        }

        public void Abandon() => (_pause, Run) = (null, null);
    }
}
