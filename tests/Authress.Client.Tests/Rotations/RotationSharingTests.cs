using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Runs and destinations that share a record, a key or a client.</summary>
public class RotationSharingTests
{
    public static TheoryData<RotationStep> UnfinishedSteps => [RotationStep.Announced, RotationStep.Registered, RotationStep.Delivering];

    [Theory]
    [MemberData(nameof(UnfinishedSteps))]
    public async Task Leaves_a_run_alone_that_may_be_at_work_where_nothing_locks_the_record(RotationStep step)
    {
        RotationScene scene = KilledAt(step);
        scene.Machine.IsLocked = false;
        string? journal = scene.Machine.JournalText;
        WorldKey[] made = scene.Made;
        scene.World.Now += TimeSpan.FromMinutes(14);
        Assert.Equal("RotationMayRun", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal((journal, scene.OldText), (scene.Machine.JournalText, scene.World.Content));
        Assert.Equal(made, scene.Made);

        // A longer wait for a key's use is a longer time to be at work.
        scene.World.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("RotationMayRun", await RotationScene.FailAsync(scene.StartAsync(options => options with { Wait = TimeSpan.FromHours(1) })));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [MemberData(nameof(UnfinishedSteps))]
    public async Task Continues_at_once_where_the_record_is_locked_or_by_force(RotationStep step)
    {
        foreach (bool force in new[] { false, true })
        {
            RotationScene scene = KilledAt(step);
            scene.Machine.IsLocked = !force;
            Assert.True((await scene.StartAsync(options => options with { Force = force }))!.IsDelivered);
            await scene.EndAsync();
            scene.VerifyEnd();
        }
    }

    [Theory]
    [InlineData(RotationStep.Announced)]
    [InlineData(RotationStep.Registered)]
    public async Task Keeps_a_new_key_that_another_run_has_delivered(RotationStep step)
    {
        // That run had the same record, and could not write to it any more.
        RotationScene scene = new();
        await scene.StartAsync();
        Rotation record = RotationTests.At(step) with { HeldKeyId = scene.Old!.KeyId, ReplacedKeyId = scene.Old.KeyId, PublicKey = scene.Record!.PublicKey, StepTime = scene.World.Now };
        scene.Machine.SetJournal(step == RotationStep.Registered ? record with { NewKeyId = scene.Record.NewKeyId } : record);
        string? content = scene.World.Content;
        Rotation? again = await scene.StartAsync();
        Assert.Equal((RotationStep.Delivered, scene.World.HeldKey!.KeyId), (again!.Step, again.NewKeyId));
        Assert.Equal(content, scene.World.Content);
        Assert.Single(scene.Made);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(nameof(Port.Register))]
    [InlineData(nameof(Port.Prove))]
    public async Task A_run_whose_record_was_taken_over_deletes_its_key_and_leaves_the_record(string moment)
    {
        RotationScene scene = new();
        scene.Machine.IsLocked = false;
        Rotation other = RotationTests.At(RotationStep.Delivered) with { NewKeyId = "k3" };
        scene.At(Enum.Parse<Port>(moment), () => scene.Machine.SetJournal(other));
        Assert.Equal("RotationTakenOver", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(RotationJson.Write(other), scene.Machine.JournalText);
        Assert.Empty(scene.Made);
        Assert.Equal(scene.OldText, scene.World.Content);
    }

    [Theory]
    [InlineData(RotationStep.Planned)]
    [InlineData(RotationStep.Registered)]
    [InlineData(RotationStep.Delivering)]
    public async Task Keeps_a_replaced_key_that_another_destination_still_holds(RotationStep step)
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Rotation other = RotationTests.At(step) with { HeldKeyId = scene.Old!.KeyId, ReplacedKeyId = scene.Old.KeyId, NewKeyId = "k77" };
        Assert.Equal("RotationKeyInUse", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { Others = [other], Force = true })));
        Assert.Contains(scene.Old, scene.World.Keys);
        Assert.Equal(RotationStep.Delivered, scene.Record!.Step);
        Assert.Equal(0, scene.Record.FailedAttempts);
        Assert.Empty(scene.Asked);

        // Once its own new key is there, it needs the old one no more.
        other = RotationTests.At(RotationStep.Delivered) with { HeldKeyId = scene.Old.KeyId, ReplacedKeyId = scene.Old.KeyId, NewKeyId = "k77" };
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(options => options with { Others = [other], Force = true }))!.Step);
    }

    [Theory]
    [InlineData(RotationStep.Delivered)]
    [InlineData(RotationStep.Completed)]
    public async Task Keeps_a_replaced_key_that_another_rotation_has_delivered(RotationStep step)
    {
        RotationScene scene = new(holdsKey: false, others: 1);
        await scene.StartAsync(options => options with { KeyId = "k1" });
        Rotation other = RotationTests.At(step) with { NewKeyId = "k1" };
        Assert.Equal("RotationKeyInUse", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { Others = [other], Force = true })));
        Assert.Contains(scene.World.Keys, key => key.KeyId == "k1");
    }

    [Fact]
    public async Task Without_room_the_record_says_which_key_the_destination_still_holds()
    {
        RotationScene scene = new(others: 4);
        Assert.Equal("RotationNoRoom", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal((RotationStep.Planned, scene.Old!.KeyId), (scene.Record!.Step, scene.Record.DestinationKeyId));
        scene.World.Delete("k1");
        await scene.StartAsync();
        Assert.Equal((RotationStep.Delivered, scene.World.HeldKey!.KeyId), (scene.Record.Step, scene.Record.DestinationKeyId));
    }

    private static RotationScene KilledAt(RotationStep step)
    {
        RotationScene scene = new();
        (Port port, int call) = step switch
        {
            RotationStep.Announced => (Port.Register, 1),
            RotationStep.Registered => (Port.Prove, 1),
            _ => (Port.WriteContent, 1),
        };
        scene.KillAt(port, after: false, call).StartAndKill();
        scene.Calm();
        Assert.Equal(step, scene.Record!.Step);
        return scene;
    }
}
