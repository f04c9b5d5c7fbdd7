using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Runs that share a record, a destination or a client.</summary>
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

        // One that has recorded its failure has ended.
        RotationScene failed = KilledAt(step);
        failed.Machine.IsLocked = false;
        failed.Machine.SetJournal(failed.Record!.Fail("It failed.", counts: true));
        await failed.EndAsync();

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

    [Fact]
    public async Task Notes_nothing_in_a_record_that_was_taken_over_since_it_was_read()
    {
        RotationScene scene = new(others: 0);
        await scene.StartAsync(options => options with { Overlap = TimeSpan.Zero });
        await scene.CompleteAsync();
        scene.World.Write(scene.World.AddKey().Text, writer: null);
        Rotation other = RotationTests.At(RotationStep.Delivered) with { NewKeyId = scene.World.HeldKey!.KeyId };
        scene.Machine.IsLocked = false;
        scene.At(Port.List, () => scene.Machine.SetJournal(other));
        Assert.Equal("RotationTakenOver", await RotationScene.FailAsync(scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(1000) })));
        Assert.Equal(RotationJson.Write(other), scene.Machine.JournalText);
    }

    [Fact]
    public async Task Goes_on_with_what_was_begun_whatever_its_age_and_keeps_its_overlap_unless_another_is_specified()
    {
        foreach (TimeSpan? overlap in new TimeSpan?[] { null, RotationOptions.DefaultOverlap })
        {
            RotationScene scene = new();
            scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(503) });
            Assert.Equal("503", await RotationScene.FailAsync(scene.StartAsync(options => options with { Overlap = TimeSpan.Zero })));
            Rotation? next = await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(1000), Overlap = overlap });
            Assert.Equal((RotationStep.Delivered, scene.World.Now + (overlap ?? TimeSpan.Zero)), (next!.Step, next.DueTime));
        }
    }

    [Fact]
    public async Task Asks_for_nothing_where_there_is_no_room()
    {
        RotationScene scene = new(others: 4);
        Assert.Equal("RotationNoRoom", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Empty(scene.Asked);
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

    [Fact]
    public async Task Without_room_the_keys_that_were_given_up_are_marked()
    {
        RotationScene scene = new(others: 3);
        string given = (await scene.StartAsync())!.NewKeyId!;
        scene.World.Write(content: null, writer: null);
        RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.StartAsync(options => options with { Force = true }));
        Assert.Equal(("RotationNoRoom", $"k1, k2, k3, k4, {given} (given up)"), (failure.ErrorId, failure.Values[1]));
    }

    [Fact]
    public async Task Warns_of_a_fresh_key_that_another_machine_may_be_delivering()
    {
        RotationScene scene = new();
        scene.World.AddKey();
        await scene.StartAsync();
        Assert.Equal(["RotationFreshKey"], scene.Machine.Warnings);
    }

    [Fact]
    public async Task The_second_of_two_machines_undoes_its_key_where_the_first_has_delivered()
    {
        RotationScene scene = new();
        RotationMachine other = scene.NewMachine("B");
        scene.At(Port.ReadContent, () => Assert.True(RotationScene.StartAsync(other).IsCompleted), call: 2);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(["RotationFreshKey"], other.Warnings);
        Assert.Equal([scene.World.HeldKey!], scene.Made);
        Assert.Equal((RotationStep.Planned, RotationStep.Delivered), (scene.Record!.Step, other.Record!.Step));
    }

    [Fact]
    public async Task A_machine_that_was_killed_in_a_delivery_leaves_what_another_delivered()
    {
        RotationScene scene = new RotationScene().KillAt(Port.WriteContent, after: true);
        scene.StartAndKill();
        RotationMachine other = scene.Calm().NewMachine("B");
        await RotationScene.StartAsync(other);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(other.Record!.NewKeyId, scene.World.HeldKey!.KeyId);
        Assert.Equal(2, scene.Made.Length);
        await scene.StartAsync(options => options with { Force = true });
        await scene.EndAsync();
        scene.VerifyEnd();
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
