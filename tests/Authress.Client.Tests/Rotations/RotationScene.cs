using Authress.Client.AccessKeys;
using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>A client, a destination and a machine that rotates, with what goes wrong at which call.</summary>
internal sealed class RotationScene
{
    public static readonly AccessKeyProof Refusal = new(false, 401, true, "It is refused.");
    public static readonly AccessKeyProof NoProof = new(null, 503, null, "It proves nothing.");

    private readonly List<Rule> _rules = [];
    private readonly List<Port> _calls = [];
    private int _killed = -1;
    private bool _killsAfter;

    /// <param name="holdsKey">Whether the destination holds a key of the client.</param>
    /// <param name="others">How many other keys the client has.</param>
    /// <param name="lasts">Whether the journal lasts.</param>
    /// <param name="age">How old the keys are; null for 100 days.</param>
    /// <param name="place">The destination; null for a file.</param>
    public RotationScene(bool holdsKey = true, int others = 2, bool lasts = true, TimeSpan? age = null, RotationPlace? place = null)
    {
        for (int i = 0; i < others; i++)
            World.AddKey();
        if (holdsKey)
        {
            (Old, OldText) = World.AddKey();
            World.Write(OldText, writer: null);
        }

        World.Now += age ?? TimeSpan.FromDays(100);
        Before = [.. World.Keys];
        Machine = NewMachine("A", lasts, place);
    }

    public RotationWorld World { get; } = new();

    public RotationMachine Machine { get; }

    /// <summary>The key that the destination held at the beginning.</summary>
    public WorldKey? Old { get; }

    public string? OldText { get; }

    /// <summary>The client's keys at the beginning.</summary>
    public WorldKey[] Before { get; }

    public Rotation? Record => Machine.Record;

    /// <summary>The keys that were made since.</summary>
    public WorldKey[] Made => [.. World.Keys.Except(Before)];

    /// <summary>The keys of the beginning that are gone.</summary>
    public WorldKey[] Gone => [.. Before.Except(World.Keys)];

    /// <summary>The calls of the last run.</summary>
    public IReadOnlyList<Port> Calls => _calls;

    /// <summary>What is asked before a change is answered so.</summary>
    public Func<RotationPlan, bool> Answer { get; set; } = _ => true;

    /// <summary>What every confirmation of the last run asked.</summary>
    public IEnumerable<RotationChange> Asked => Plans.Select(plan => plan.Change);

    /// <summary>The same, with what it is about.</summary>
    public List<RotationPlan> Plans { get; } = [];

    /// <summary>Another machine, with a journal of its own.</summary>
    public RotationMachine NewMachine(string name, bool lasts = true, RotationPlace? place = null)
    {
        RotationMachine machine = new(World, name, lasts) { Place = place ?? RotationMachine.File };
        machine.Entering = (port, _) => machine == Machine ? EnterAsync(port) : Task.FromResult(Fault.None);
        machine.Leaving = _ => machine == Machine && _killsAfter && _calls.Count - 1 == _killed ? Never<bool>() : Task.CompletedTask;
        return machine;
    }

    /// <summary>Lets a call of the next run fail.</summary>
    /// <param name="port">Which.</param>
    /// <param name="fault">How.</param>
    /// <param name="call">The number of the call to that port, from 1; 0 for all.</param>
    public RotationScene At(Port port, Fault fault, int call = 1)
    {
        _rules.Add(new Rule(port, call, fault, null));
        return this;
    }

    /// <summary>Lets something happen before a call of the next run.</summary>
    public RotationScene At(Port port, Action happens, int call = 1)
    {
        _rules.Add(new Rule(port, call, Fault.None, happens));
        return this;
    }

    /// <summary>Lets a call of the next run fail, if it is of a port.</summary>
    /// <param name="call">The number of the call, from 0.</param>
    /// <param name="port">Which.</param>
    /// <param name="fault">How.</param>
    public RotationScene AtCall(int call, Port port, Fault fault)
    {
        _rules.Add(new Rule(port, -1 - call, fault, null));
        return this;
    }

    /// <summary>Kills the next run at a call.</summary>
    /// <param name="call">The number of the call, from 0.</param>
    /// <param name="after">Whether the call has acted.</param>
    public RotationScene KillAt(int call, bool after)
    {
        (_killed, _killsAfter) = (call, after);
        return this;
    }

    /// <summary>Kills the next run at a call of a port.</summary>
    public RotationScene KillAt(Port port, bool after, int call = 1)
    {
        int seen = 0;
        _rules.Add(new Rule(port, 0, Fault.None, () =>
        {
            if (++seen == call)
                (_killed, _killsAfter) = (_calls.Count - 1, after);
        }));
        return this;
    }

    public Task<Rotation?> StartAsync(Func<RotationOptions, RotationOptions>? with = null, CancellationToken cancellationToken = default) =>
        RunAsync(Machine, with, run => run.StartAsync(AskAsync, cancellationToken));

    public Task<Rotation?> CompleteAsync(Func<RotationOptions, RotationOptions>? with = null) =>
        RunAsync(Machine, with, run => run.CompleteAsync(AskAsync, default));

    public Task<Rotation?> InspectAsync(Func<RotationOptions, RotationOptions>? with = null) =>
        RunAsync(Machine, with, run => run.InspectAsync(default));

    /// <summary>Starts a run that is killed.</summary>
    public void StartAndKill() => Assert.False(StartAsync().IsCompleted);

    /// <summary>A run that must fail.</summary>
    /// <returns>The error's id, or the status of the request that failed, or IOException.</returns>
    public static async Task<string> FailAsync(Task<Rotation?> run) => RotationMachine.Describe(await Assert.ThrowsAnyAsync<Exception>(() => run));

    /// <summary>Runs another machine.</summary>
    public static Task<Rotation?> StartAsync(RotationMachine machine, bool force = false) => machine.NewRun(machine.Options with { Force = force }).StartAsync(_ => Task.FromResult(true), default);

    /// <summary>Brings a rotation to its end.</summary>
    public async Task EndAsync()
    {
        Rotation? started = await StartAsync();
        Assert.True(started!.IsDelivered);
        Rotation? completed = await CompleteAsync(options => options with { Force = true });
        Assert.Equal(RotationStep.Completed, completed!.Step);
        await StartAsync(options => options with { OlderThan = TimeSpan.FromDays(1000) });
    }

    /// <summary>The destination holds a key that works, and nothing else has changed: the replaced key is gone, and no key is left.</summary>
    public void VerifyEnd()
    {
        Assert.True(World.HoldsWorkingKey);
        Assert.Equal(Old is null ? [] : [Old], Gone);
        Assert.Equal([World.HeldKey!], Made);
    }

    /// <summary>Nothing has changed.</summary>
    public void VerifyUnchanged()
    {
        Assert.Equal(Before, World.Keys);
        Assert.Equal(OldText, World.Content);
    }

    private async Task<Rotation?> RunAsync(RotationMachine machine, Func<RotationOptions, RotationOptions>? with, Func<RotationRun, Task<Rotation?>> action)
    {
        _calls.Clear();
        Plans.Clear();
        try
        {
            return await action(machine.NewRun(with is null ? machine.Options : with(machine.Options))).ConfigureAwait(false);
        }
        finally
        {
            Calm();
        }
    }

    /// <summary>Ends what goes wrong.</summary>
    public RotationScene Calm()
    {
        _rules.Clear();
        _killed = -1;
        return this;
    }

    private Task<bool> AskAsync(RotationPlan plan)
    {
        Plans.Add(plan);
        return Task.FromResult(Answer(plan));
    }

    private Task<Fault> EnterAsync(Port port)
    {
        _calls.Add(port);
        int number = _calls.Count(call => call == port);
        Fault fault = Fault.None;
        foreach (Rule rule in _rules.Where(rule => rule.Port == port && (rule.Call == number || rule.Call == 0 || rule.Call == -_calls.Count)).ToArray())
        {
            rule.Happens?.Invoke();
            fault = rule.Fault == Fault.None ? fault : rule.Fault;
        }

        return _calls.Count - 1 == _killed && !_killsAfter ? Never<Fault>() : Task.FromResult(fault);
    }

    private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;

    private sealed record Rule(Port Port, int Call, Fault Fault, Action? Happens);
}
