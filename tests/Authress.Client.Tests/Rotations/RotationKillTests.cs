using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>
/// Whatever happens at whatever call of a run, the destination holds a key that works, no key is lost, and the next run brings
/// the rotation to its end.
/// </summary>
public class RotationKillTests
{
    private static readonly IOException Failure = new("The disk is full.");

    /// <summary>Where a run begins.</summary>
    private static readonly Dictionary<string, Func<Task<RotationScene>>> Beginnings = new()
    {
        ["a key in the destination"] = () => Task.FromResult(new RotationScene()),
        ["no other key"] = () => Task.FromResult(new RotationScene(others: 0)),
        ["an empty destination"] = () => Task.FromResult(new RotationScene(holdsKey: false, others: 0)),
        ["killed before it was registered"] = () => KilledAsync(Port.Register, after: false),
        ["killed after it was registered"] = () => KilledAsync(Port.Register, after: true),
        ["killed while it was proved"] = () => KilledAsync(Port.Prove, after: true),
        ["killed before the delivery"] = () => KilledAsync(Port.WriteContent, after: false),
        ["killed after the delivery"] = () => KilledAsync(Port.WriteContent, after: true),
        ["a key that turned up late"] = LateAsync,
        ["a delivered key that somebody deleted"] = LostAsync,
    };

    public static TheoryData<string> Names => [.. Beginnings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_kill_at_any_call_of_Start_costs_nothing(string name)
    {
        int calls = await CountAsync(name, scene => scene.StartAsync());
        for (int call = 0; call < calls; call++)
        {
            foreach (bool after in new[] { false, true })
            {
                RotationScene scene = await Beginnings[name]();
                bool worked = scene.World.HoldsWorkingKey;
                scene.KillAt(call, after).StartAndKill();
                Verify(scene.Calm(), worked);
                await scene.EndAsync();
                scene.VerifyEnd();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_failure_of_any_call_of_Start_costs_nothing(string name)
    {
        int calls = await CountAsync(name, scene => scene.StartAsync());
        for (int call = 0; call < calls; call++)
        {
            foreach (bool after in new[] { false, true })
            {
                RotationScene scene = await Beginnings[name]();
                bool worked = scene.World.HoldsWorkingKey;
                Fail(scene, call, after);
                await Record.ExceptionAsync(() => scene.StartAsync());
                Verify(scene, worked);
                await scene.EndAsync();
                scene.VerifyEnd();
            }
        }
    }

    [Fact]
    public async Task A_kill_or_a_failure_at_any_call_of_Complete_costs_nothing()
    {
        int calls = await CountAsync("a key in the destination", async scene =>
        {
            await scene.StartAsync();
            await scene.CompleteAsync(Forced);
        });
        for (int call = 0; call < calls; call++)
        {
            foreach ((bool after, bool kills) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                RotationScene scene = new();
                await scene.StartAsync();
                if (kills)
                    Assert.False(scene.KillAt(call, after).CompleteAsync(Forced).IsCompleted);
                else
                    await Record.ExceptionAsync(() => Fail(scene, call, after).CompleteAsync(Forced));
                Verify(scene.Calm(), mustWork: true);
                if (scene.Record!.Step != RotationStep.Completed)
                    await scene.EndAsync();
                scene.VerifyEnd();
            }
        }

        static RotationOptions Forced(RotationOptions options) => options with { Force = true };
    }

    private static async Task<int> CountAsync(string name, Func<RotationScene, Task> run)
    {
        RotationScene scene = await Beginnings[name]();
        await run(scene);
        Assert.InRange(scene.Calls.Count, 3, 30);
        return scene.Calls.Count;
    }

    private static RotationScene Fail(RotationScene scene, int call, bool after)
    {
        foreach (Port port in Enum.GetValues<Port>())
        {
            Exception failure = port <= Port.Prove ? RotationMachine.ApiFailure(500, outcomeUnknown: true) : Failure;
            Fault fault = after ? new Fault { After = failure } : new Fault { Before = failure };
            scene.AtCall(call, port, fault);
        }

        return scene;
    }

    private static void Verify(RotationScene scene, bool mustWork)
    {
        Assert.True(scene.World.HoldsWorkingKey || !mustWork);
        Assert.DoesNotContain(scene.Gone, key => key != scene.Old);
        Rotation? record = scene.Record;
        Assert.All(scene.Made.Where(key => key != scene.World.HeldKey), key =>
            Assert.True(record!.PublicKey == key.PublicKey || record.NewKeyId == key.KeyId || record.Unconfirmed.Any(lost => lost.PublicKey == key.PublicKey) || record.GivenUp.Any(given => given.KeyId == key.KeyId)));
    }

    private static Task<RotationScene> KilledAsync(Port port, bool after)
    {
        RotationScene scene = new RotationScene().KillAt(port, after);
        scene.StartAndKill();
        return Task.FromResult(scene.Calm());
    }

    private static async Task<RotationScene> LateAsync()
    {
        RotationScene scene = new();
        string? publicKey = null;
        scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) }).At(Port.Register, () => publicKey = scene.Record!.PublicKey);
        await RotationScene.FailAsync(scene.StartAsync());
        scene.World.Register(publicKey!, "A");
        return scene;
    }

    private static async Task<RotationScene> LostAsync()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Delete(scene.Record!.NewKeyId!);
        return scene;
    }
}
