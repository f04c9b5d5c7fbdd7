using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Delivered keys that something else took the place of, which -Force gives up.</summary>
public class RotationGivenUpKeyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Keeps_a_given_up_key_that_the_destination_holds_until_another_is_delivered(int kills)
    {
        RotationScene scene = new();
        await scene.StartAsync();
        WorldKey first = scene.World.HeldKey!;
        Fault refused = new() { Proof = RotationScene.Refusal };
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.At(Port.List, new Fault { Lag = TimeSpan.FromMilliseconds(1) }).At(Port.Prove, refused).StartAsync()));

        // A person has looked, and the key is refused as before. Then nothing comes in between any more.
        for (int i = 0; i < kills; i++)
        {
            scene.At(Port.Prove, refused, call: 1).At(Port.Prove, refused, call: 2).KillAt(Port.WriteContent, after: false);
            Assert.False(scene.StartAsync(options => options with { Force = true }).IsCompleted);
            scene.Calm();
            Assert.Contains(first, scene.World.Keys);
            Assert.Equal(first, scene.World.HeldKey);
        }

        Rotation? rotation = await scene.StartAsync();
        Assert.Equal((RotationStep.Delivered, scene.Old!.KeyId), (rotation!.Step, rotation.ReplacedKeyId));
        await scene.EndAsync();
        Assert.DoesNotContain(first, scene.World.Keys);
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Keeps_the_key_that_it_took_out_for_its_overlap_where_it_replaces_another_one_after_a_new_beginning()
    {
        RotationScene scene = new(others: 0);
        await scene.StartAsync();
        scene.World.Write(scene.OldText, writer: null);
        scene.World.Now += TimeSpan.FromHours(20);
        scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(503) });
        await RotationScene.FailAsync(scene.StartAsync(options => options with { Force = true }));
        DateTimeOffset until = scene.World.Now.AddHours(24);
        (WorldKey third, string text) = scene.World.AddKey();
        scene.World.Write(text, writer: null);
        Rotation? rotation = await scene.StartAsync();
        Assert.Equal((RotationStep.Delivered, third.KeyId), (rotation!.Step, rotation.ReplacedKeyId));
        Assert.Equal(until, rotation.FindKeptUntil(scene.Old!.KeyId));
        Assert.Equal((until, null), (rotation.FindShownUntil(scene.Old.KeyId, until.AddTicks(-1)), rotation.FindShownUntil(scene.Old.KeyId, until)));
        Assert.Contains("RotationKeyLeft", scene.Machine.Warnings);

        // It is not this rotation's to delete any more.
        await scene.EndAsync();
        Assert.Contains(scene.Old, scene.World.Keys);
    }

    // Its users have the old key: what the destination holds does not work.
    [Fact]
    public async Task Awaits_the_replacement_where_the_delivered_key_is_gone()
    {
        RotationScene scene = new(others: 0);
        await scene.StartAsync();
        scene.World.Delete(scene.World.HeldKey!.KeyId);
        scene.At(Port.Check, new Fault { Before = new IOException("The disk is full.") });
        await RotationScene.FailAsync(scene.StartAsync());
        Assert.Equal(RotationStep.Planned, scene.Record!.Step);
        Assert.True(scene.Record.IsYetToReplace(scene.Old!.KeyId));
        Assert.Equal(scene.World.Now.AddHours(24), scene.Record.FindKeptUntil(scene.Old.KeyId));
        Assert.Null(scene.Record.FindShownUntil(scene.Old.KeyId, scene.World.Now));
    }

    [Fact]
    public async Task A_machine_whose_key_was_overtaken_adopts_the_other_one_only_if_forced()
    {
        RotationScene scene = new();
        RotationMachine other = scene.NewMachine("B");
        await scene.StartAsync();
        string overtaken = scene.Record!.NewKeyId!;
        await RotationScene.StartAsync(other);
        string taken = other.Record!.NewKeyId!;
        Assert.Equal((overtaken, RotationStep.Delivered), (other.Record.ReplacedKeyId, other.Record.Step));

        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Empty(scene.Asked);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { Force = true })));
        Assert.Equal(2, scene.Made.Length);

        Rotation? adopted = await scene.StartAsync(options => options with { Force = true });
        Assert.Equal((RotationStep.Delivered, taken, scene.Old!.KeyId), (adopted!.Step, adopted.NewKeyId, adopted.ReplacedKeyId));
        Assert.Equal(["RotationKeyGivenUp"], scene.Machine.Warnings);

        // Something may have read the key meanwhile, so it stays as long as the replaced one.
        Assert.Equal([overtaken, taken], scene.Made.Select(key => key.KeyId));
        await scene.CompleteAsync(options => options with { Force = true });
        Assert.Equal([RotationChange.Retire, RotationChange.RetireGivenUp], scene.Asked);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Begins_again_if_forced_where_the_old_key_was_put_back()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        WorldKey first = scene.World.HeldKey!;
        scene.World.Write(scene.OldText, writer: null);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Rotation? again = await scene.StartAsync(options => options with { Force = true });
        Assert.Equal((RotationStep.Delivered, scene.Old!.KeyId), (again!.Step, again.ReplacedKeyId));
        Assert.Contains(first, scene.World.Keys);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletes_a_given_up_key_when_it_is_due_and_only_if_confirmed(bool isOwn)
    {
        RotationScene scene = new();
        string given = (await scene.StartAsync(options => options with { Overlap = TimeSpan.FromHours(1) }))!.NewKeyId!;
        scene.World.Write(scene.OldText, writer: null);
        Func<RotationOptions, RotationOptions> with = options => options with { Overlap = TimeSpan.FromHours(1), OwnKeyId = isOwn ? given : null };
        await scene.StartAsync(options => with(options) with { Force = true });
        Assert.Equal(scene.World.Now.AddHours(1), Assert.Single(scene.Record!.GivenUp).DueTime, TimeSpan.FromMinutes(1));
        scene.World.Now += TimeSpan.FromHours(2);
        scene.Answer = plan => plan.Change != RotationChange.RetireGivenUp;
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(with))!.Step);
        Assert.Contains(scene.World.Keys, key => key.KeyId == given);
        Assert.Equal([given], scene.Record!.GivenUp.Select(key => key.KeyId));

        // The next Complete takes it along, as long as the destination holds a key that works.
        string? content = scene.World.Content;
        scene.Answer = _ => true;
        RotationScene refused = scene.At(Port.Prove, new Fault { Proof = RotationScene.Refusal });
        Assert.Equal(isOwn ? "none" : "RotationCopyNotWorking", isOwn ? "none" : await RotationScene.FailAsync(refused.CompleteAsync(with)));
        scene.Calm();
        Assert.Contains(scene.World.Keys, key => key.KeyId == given);
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(with))!.Step);
        Assert.Equal(isOwn ? [] : [RotationChange.RetireGivenUp], scene.Asked);
        Assert.Equal((content, isOwn), (scene.World.Content, scene.World.Keys.Any(key => key.KeyId == given)));

        // Or the next rotation.
        await scene.StartAsync(options => with(options) with { Overlap = TimeSpan.Zero });
        await scene.CompleteAsync(with);
        Assert.Equal(isOwn, scene.World.Keys.Any(key => key.KeyId == given));
        Assert.Equal(isOwn, scene.Record!.GivenUp.Count == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Makes_room_by_deleting_given_up_keys_that_are_due_if_the_destination_holds_a_key_that_works(bool works)
    {
        RotationScene scene = new(others: 3);
        Func<RotationOptions, RotationOptions> with = options => options with { Overlap = TimeSpan.FromHours(1) };
        string given = (await scene.StartAsync(with))!.NewKeyId!;
        scene.World.Write(works ? scene.OldText : null, writer: null);
        Assert.Equal("RotationNoRoom", await RotationScene.FailAsync(scene.StartAsync(options => with(options) with { Force = true })));
        Assert.Equal("RotationNotDelivered", await RotationScene.FailAsync(scene.CompleteAsync(with)));
        scene.World.Now += TimeSpan.FromHours(1);
        if (works)
        {
            // Not at once what is only shown.
            scene.Answer = _ => false;
            Assert.Equal(RotationStep.Planned, (await scene.CompleteAsync(options => with(options) with { IsRehearsal = true }))!.Step);
            Assert.Equal([RotationChange.RetireGivenUp], scene.Asked);
            Assert.Contains(scene.World.Keys, key => key.KeyId == given);
            scene.Answer = _ => true;
            Assert.Equal(RotationStep.Planned, (await scene.CompleteAsync(with))!.Step);
            Assert.DoesNotContain(scene.World.Keys, key => key.KeyId == given);
            await scene.EndAsync();
            scene.VerifyEnd();
        }
        else
        {
            Assert.Equal("RotationNotDelivered", await RotationScene.FailAsync(scene.CompleteAsync(with)));
            Assert.Contains(scene.World.Keys, key => key.KeyId == given);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeps_a_key_of_a_killed_delivery_that_another_destination_holds_by_now(bool isHeld)
    {
        RotationScene scene = new(holdsKey: false, others: 0);
        scene.KillAt(Port.WriteContent, after: true).StartAndKill();
        scene.Calm();
        string given = scene.World.HeldKey!.KeyId;
        RotationScene second = new();
        if (isHeld)
            second.World.Write(scene.World.Content, writer: null);
        scene.World.Write(content: null, writer: null);
        OtherRotation other = new(Rotation.NoteOf(scene.Machine.Options, second.Machine.Place, keyId: null), second.Machine, "record");
        await scene.StartAsync(options => options with { Others = [other] });
        Assert.Equal(isHeld, scene.World.Keys.Any(key => key.KeyId == given));
        Assert.Equal(isHeld, scene.Record!.GivenUp.Any(key => key.KeyId == given));
    }

    [Fact]
    public async Task Is_not_sure_of_another_key_in_the_destination_that_can_not_be_proved()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Write(scene.World.AddKey().Text, writer: null);
        IReadOnlyList<WorldKey> keys = scene.World.Keys;
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.At(Port.Prove, new Fault { Proof = RotationScene.NoProof }).StartAsync(options => options with { Force = true })));
        Assert.Equal(keys, scene.World.Keys);
    }
}
