using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>What a rotation does, and what it finds out when it is run again.</summary>
public class RotationRunTests
{
    private static readonly IOException Failure = new("The disk is full.");

    [Theory]
    [InlineData(true, 2)]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    public async Task Delivers_a_key_that_works_and_retires_the_one_that_it_replaces(bool holdsKey, int others)
    {
        RotationScene scene = new(holdsKey, others);
        string? replaced = holdsKey ? scene.Old!.KeyId : others == 1 ? "k1" : null;

        Rotation? started = await scene.StartAsync();
        Assert.Equal(
            [Port.ReadJournal, Port.List, Port.ReadContent, Port.Check, Port.Prepare, Port.WriteJournal, Port.Register, Port.WriteJournal, Port.Prove, Port.ReadContent, Port.WriteJournal, Port.WriteContent, Port.ReadContent, Port.Prove, Port.WriteJournal],
            scene.Calls);
        Assert.Equal((RotationStep.Delivered, Assert.Single(scene.Made).KeyId, replaced, scene.World.Now.AddDays(1)), (started!.Step, started.NewKeyId, started.ReplacedKeyId, started.DueTime));
        Assert.Equal([scene.World.HeldKey!], scene.Made);
        Assert.Equal([RotationChange.Begin], scene.Asked);
        Assert.Equal(scene.Before, scene.World.Keys.Take(scene.Before.Length));

        scene.World.Now += TimeSpan.FromDays(1);
        Rotation? completed = await scene.CompleteAsync();
        Assert.Equal(
            [Port.ReadJournal, Port.List, Port.ReadContent, Port.ReadContent, Port.Prove, Port.ReadContent, Port.WriteJournal, .. replaced is null ? (Port[])[] : [Port.Delete, Port.IsGone], Port.WriteJournal],
            scene.Calls);
        Assert.Equal(RotationStep.Completed, completed!.Step);
        Assert.Equal(replaced is null ? [] : [replaced], scene.Gone.Select(key => key.KeyId));
        Assert.Equal([RotationChange.Retire], scene.Asked);
        Assert.Empty(scene.Machine.Warnings);

        // A completed rotation is reported without a request, as long as the destination holds its key.
        Assert.Equal(completed.Id, (await scene.CompleteAsync())!.Id);
        Assert.Equal([Port.ReadJournal, Port.ReadContent], scene.Calls);
        scene.World.Write(scene.OldText, writer: null);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.CompleteAsync()));
    }

    [Fact]
    public async Task Reports_what_is_delivered_and_makes_no_second_key()
    {
        RotationScene scene = new();
        Rotation? started = await scene.StartAsync();
        foreach (bool force in new[] { false, true })
            Assert.Equal(started!.NewKeyId, (await scene.StartAsync(options => options with { Force = force }))!.NewKeyId);
        Assert.Single(scene.Made);
        Assert.Empty(scene.Asked);
    }

    [Fact]
    public async Task Keeps_the_replaced_key_for_the_overlap_unless_forced()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Now += TimeSpan.FromHours(23);
        Assert.Equal(RotationStep.Delivered, (await scene.CompleteAsync())!.Step);
        Assert.Equal(["RotationNotDue"], scene.Machine.Warnings);
        Assert.Empty(scene.Gone);
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(options => options with { Force = true }))!.Step);
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Retires_a_leaked_key_at_once()
    {
        RotationScene scene = new();
        await scene.StartAsync(options => options with { Overlap = TimeSpan.Zero });
        await scene.CompleteAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    public async Task Begins_only_where_the_key_is_older_than_requested(int days, bool begins)
    {
        RotationScene scene = new();
        Rotation? rotation = await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(days) });
        Assert.Equal(begins, rotation is not null);
        Assert.Equal(begins ? 1 : 0, scene.Made.Length);
        Assert.Equal(begins, scene.Asked.Count > 0);
    }

    [Fact]
    public async Task Replaces_a_requested_key_where_the_destination_is_empty()
    {
        RotationScene scene = new(holdsKey: false);
        Rotation? rotation = await scene.StartAsync(options => options with { KeyId = "k2" });
        Assert.Equal("k2", rotation!.ReplacedKeyId);
        Assert.Empty(scene.Machine.Warnings);

        // And the next run need not be told again.
        scene = new RotationScene(holdsKey: false).At(Port.Prove, new Fault { Proof = RotationScene.Refusal });
        await RotationScene.FailAsync(scene.StartAsync(options => options with { KeyId = "k2" }));
        Assert.Equal("RotationReplacesAnother", await RotationScene.FailAsync(scene.StartAsync(options => options with { KeyId = "k1" })));
        Assert.Equal("k2", (await scene.StartAsync())!.ReplacedKeyId);

        // Whoever named the wrong one can name another.
        scene = new RotationScene(holdsKey: false).At(Port.Prove, new Fault { Proof = RotationScene.Refusal });
        await RotationScene.FailAsync(scene.StartAsync(options => options with { KeyId = "k2" }));
        Assert.Equal("k1", (await scene.StartAsync(options => options with { KeyId = "k1", Force = true }))!.ReplacedKeyId);
    }

    [Fact]
    public async Task Takes_no_key_of_another_destination_for_the_only_other_one()
    {
        RotationScene scene = new(holdsKey: false);
        Assert.Equal("k2", (await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(90), Others = [new OtherRotation(RotationTests.At(RotationStep.Delivered) with { NewKeyId = "k1" }, null, "record")] }))!.ReplacedKeyId);

        // What uses it may be another deployment.
        Assert.Equal(["RotationTakesOnlyKey"], scene.Machine.Warnings);
    }

    [Fact]
    public async Task Replaces_anything_if_forced()
    {
        foreach (string content in new[] { "a password", RotationWorld.ForeignKey(clientId: "sc_another"), RotationWorld.ForeignKey(accountId: "acc-another") })
        {
            RotationScene scene = new(others: 0);
            scene.World.Write(content, writer: null);
            Assert.Equal(scene.Old!.KeyId, (await scene.StartAsync(options => options with { Force = true }))!.ReplacedKeyId);
            Assert.Equal([scene.World.HeldKey!], scene.Made);
        }
    }

    [Fact]
    public async Task Replaces_no_key_where_the_held_one_was_deleted()
    {
        RotationScene scene = new();
        scene.World.Delete(scene.Old!.KeyId);
        await scene.EndAsync();
        Assert.Null(scene.Record!.ReplacedKeyId);
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Changes_nothing_that_is_not_confirmed()
    {
        RotationScene scene = new() { Answer = _ => false };
        Assert.Null(await scene.StartAsync());
        Assert.Contains(Port.Check, scene.Calls);
        Assert.DoesNotContain(Port.Prepare, scene.Calls);
        Assert.Null(scene.Machine.JournalText);

        scene.KillAt(Port.WriteContent, after: true).Answer = _ => true;
        scene.StartAndKill();
        scene.Calm().Answer = _ => false;
        string text = scene.Machine.JournalText!;
        Assert.Equal(RotationStep.Delivering, (await scene.StartAsync())!.Step);
        Assert.Equal([RotationChange.Continue], scene.Asked);
        Assert.Equal(text, scene.Machine.JournalText);

        scene.Answer = _ => true;
        await scene.StartAsync();
        scene.Answer = _ => false;
        Assert.Equal(RotationStep.Delivered, (await scene.CompleteAsync(options => options with { Force = true }))!.Step);
        Assert.Empty(scene.Gone);
    }

    [Fact]
    public async Task Asks_once_for_what_is_continued()
    {
        RotationScene scene = new RotationScene().KillAt(Port.Register, after: true);
        scene.StartAndKill();
        await scene.Calm().StartAsync();
        Assert.Equal([RotationChange.Continue], scene.Asked);
        Assert.Equal(["RotationLeftoverRemoved"], scene.Machine.Warnings);
    }

    [Fact]
    public async Task Does_not_delete_the_key_that_signs_for_the_connection()
    {
        RotationScene scene = new();
        Rotation? started = await scene.StartAsync();
        for (int i = 0; i < 4; i++)
            Assert.Equal("RotationOwnKey", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { OwnKeyId = scene.Old!.KeyId, Force = i == 0 })));
        Assert.Empty(scene.Gone);
        await scene.CompleteAsync(options => options with { OwnKeyId = started!.NewKeyId, Force = true });
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Delivers_where_a_write_failed_and_yet_was_carried_out()
    {
        RotationScene scene = new RotationScene().At(Port.WriteContent, new Fault { After = Failure });
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Returns_the_new_key_where_the_destination_can_not_be_read_after_the_write()
    {
        RotationScene scene = new RotationScene().At(Port.ReadContent, new Fault { Before = Failure }, call: 3);
        RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.StartAsync());
        Assert.Equal("RotationDeliveryUncertain", failure.ErrorId);
        Assert.True(scene.World.Works(SecretText.Reveal(failure.NewKey!.AccessKey!)));
        Assert.Equal(RotationStep.Delivering, scene.Record!.Step);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Returns_the_new_key_where_the_old_one_can_not_be_restored()
    {
        RotationScene scene = new RotationScene().At(Port.WriteContent, new Fault { Stores = "half", After = Failure }).At(Port.WriteContent, new Fault { Before = Failure }, call: 2);
        RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.StartAsync());
        Assert.Equal("RotationDeliveryUncertain", failure.ErrorId);
        Assert.Equal(["RotationNotRestored"], scene.Machine.Warnings);
        Assert.Single(scene.Made);

        // A person saves it, and the next run finds it.
        scene.World.Write(SecretText.Reveal(failure.NewKey!.AccessKey!), writer: null);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Needs_force_to_replace_what_a_failed_delivery_left()
    {
        RotationScene scene = new RotationScene().At(Port.WriteContent, new Fault { Stores = "half" }).At(Port.WriteContent, new Fault { Stores = "half" }, call: 2);
        Assert.Equal("RotationDeliveryUncertain", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Rotation? rotation = await scene.StartAsync(options => options with { Force = true });
        Assert.Equal((RotationStep.Delivered, scene.Old!.KeyId), (rotation!.Step, rotation.ReplacedKeyId));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Keeps_a_delivered_copy_that_can_not_be_proved_and_proves_it_again()
    {
        RotationScene scene = new RotationScene().At(Port.Prove, new Fault { Proof = RotationScene.NoProof }, call: 2);
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal([scene.World.HeldKey!], scene.Made);
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.At(Port.Prove, new Fault { Proof = RotationScene.NoProof }).StartAsync()));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Does_not_restore_over_what_another_wrote_during_the_proof()
    {
        RotationScene scene = new();
        string another = scene.World.AddKey().Text;
        scene.At(Port.Prove, new Fault { Proof = RotationScene.Refusal }, call: 2).At(Port.ReadContent, () => scene.World.Write(another, writer: null), call: 4);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(another, scene.World.Content);
    }

    [Fact]
    public async Task Undoes_a_delivery_to_a_destination_that_shows_what_it_held_before()
    {
        RotationScene scene = new RotationScene().At(Port.ReadContent, new Fault { Lag = TimeSpan.FromSeconds(1) }, call: 3);
        Assert.Equal("RotationUndone", await RotationScene.FailAsync(scene.StartAsync()));
        scene.VerifyUnchanged();
    }

    [Fact]
    public async Task Completes_where_somebody_else_has_retired_the_replaced_key()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Delete(scene.Old!.KeyId);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Completes_where_somebody_deletes_the_held_key_before_the_delivery()
    {
        RotationScene scene = new();
        scene.At(Port.WriteContent, () => scene.World.Delete(scene.Old!.KeyId));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Makes_another_key_where_somebody_has_deleted_the_delivered_one(bool isRetiring)
    {
        RotationScene scene = new();
        await scene.StartAsync();
        if (isRetiring)
            await RotationScene.FailAsync(scene.At(Port.Delete, new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) }).CompleteAsync(options => options with { Force = true }));
        Assert.Equal(isRetiring ? RotationStep.Retiring : RotationStep.Delivered, scene.Record!.Step);
        scene.World.Delete(scene.World.HeldKey!.KeyId);
        Rotation? again = await scene.StartAsync();
        Assert.Equal((RotationStep.Delivered, scene.Old!.KeyId), (again!.Step, again.ReplacedKeyId));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Takes_a_key_that_works_for_one_that_exists_although_a_list_is_stale()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Fault stale = new() { Lag = TimeSpan.FromMilliseconds(1) };

        // The delivered key is not listed yet.
        Assert.Equal(RotationStep.Delivered, (await scene.At(Port.List, stale).StartAsync())!.Step);
        Assert.Single(scene.Made);
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.At(Port.List, stale).At(Port.Prove, new Fault { Proof = RotationScene.NoProof }).StartAsync()));
        Assert.Single(scene.Made);

        // Nor at the beginning of the next rotation, which replaces it.
        await scene.CompleteAsync(options => options with { Force = true });
        WorldKey first = Assert.Single(scene.Made);
        Assert.Null(await scene.At(Port.List, stale).StartAsync(options => options with { OlderThan = TimeSpan.Zero }));
        Assert.Equal(["RotationAgeUnknown"], scene.Machine.Warnings);
        Assert.Equal("RotationCopyNotWorking", await RotationScene.FailAsync(scene.At(Port.List, stale).At(Port.Prove, new Fault { Proof = RotationScene.NoProof }).StartAsync()));
        Assert.Equal(first.KeyId, (await scene.At(Port.List, stale).StartAsync())!.ReplacedKeyId);
    }

    [Fact]
    public async Task Delivers_what_the_destination_holds_although_a_list_is_stale()
    {
        RotationScene scene = new RotationScene().KillAt(Port.WriteContent, after: true);
        scene.StartAndKill();
        Rotation? rotation = await scene.Calm().At(Port.List, new Fault { Lag = TimeSpan.FromMilliseconds(1) }).StartAsync();
        Assert.Equal((RotationStep.Delivered, Assert.Single(scene.Made).KeyId), (rotation!.Step, rotation.NewKeyId));
    }

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

    [Fact]
    public async Task Another_delivery_between_the_write_and_the_look_is_left_alone()
    {
        RotationScene scene = new();
        RotationMachine other = scene.NewMachine("B");
        scene.At(Port.ReadContent, () => Assert.True(RotationScene.StartAsync(other).IsCompleted), call: 3);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(other.Record!.NewKeyId, scene.World.HeldKey!.KeyId);
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

        // The next rotation takes it along.
        scene.Answer = _ => true;
        await scene.StartAsync(options => with(options) with { Overlap = TimeSpan.Zero });
        await scene.CompleteAsync(with);
        Assert.Equal(isOwn, scene.World.Keys.Any(key => key.KeyId == given));
        Assert.Equal(isOwn, scene.Record!.GivenUp.Count == 1);
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

    [Fact]
    public async Task Removes_a_key_whose_registration_arrives_late()
    {
        RotationScene scene = new();
        string lost = await LoseAsync(scene);
        Assert.Equal([lost], scene.Record!.Unconfirmed.Select(key => key.PublicKey));

        // It arrives while the next rotation is delivered; a Start that begins nothing removes it.
        await scene.StartAsync();
        scene.World.Register(lost, "A");
        Assert.Equal(2, scene.Made.Length);
        scene.Answer = plan => plan.Change != RotationChange.RemoveLeftover;
        await scene.StartAsync();
        Assert.Equal((2, 1), (scene.Made.Length, scene.Record!.Unconfirmed.Count));
        scene.Answer = _ => true;
        await scene.StartAsync();
        Assert.Equal([RotationChange.RemoveLeftover], scene.Asked);
        Assert.Equal([scene.World.HeldKey!], scene.Made);
        Assert.Empty(scene.Record!.Unconfirmed);
    }

    [Fact]
    public async Task Removes_a_late_key_before_it_completes_and_where_nothing_is_due()
    {
        RotationScene scene = new();
        string lost = await LoseAsync(scene);
        await scene.StartAsync();
        scene.World.Register(lost, "A");
        await scene.CompleteAsync(options => options with { Force = true });
        scene.VerifyEnd();

        scene = new RotationScene();
        lost = await LoseAsync(scene);
        await scene.StartAsync();
        await scene.CompleteAsync(options => options with { Force = true });
        scene.World.Register(lost, "A");
        Assert.Null(await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(1) }));
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Takes_no_late_key_for_the_one_to_replace()
    {
        RotationScene scene = new(holdsKey: false, others: 0);
        string lost = await LoseAsync(scene);
        scene.World.Register(lost, "A");
        Assert.Null((await scene.StartAsync())!.ReplacedKeyId);
        Assert.Equal([scene.World.HeldKey!], scene.Made);

        // Nor for a second candidate, nor for one that leaves no room.
        scene = new RotationScene(holdsKey: false, others: 1);
        lost = await LoseAsync(scene);
        scene.World.Register(lost, "A");
        Assert.Equal("k1", (await scene.StartAsync())!.ReplacedKeyId);

        scene = new RotationScene(others: 3);
        lost = await LoseAsync(scene);
        scene.World.Register(lost, "A");
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Expects_a_late_key_for_a_day_after_the_list_was_read()
    {
        RotationScene scene = new();
        string lost = await LoseAsync(scene);
        await scene.StartAsync();
        scene.World.Now += TimeSpan.FromHours(23);

        // The machine sleeps in the middle of the run.
        scene.At(Port.ReadContent, () => scene.World.Now += TimeSpan.FromDays(2));
        await scene.StartAsync();
        Assert.Equal([lost], scene.Record!.Unconfirmed.Select(key => key.PublicKey));
        await scene.StartAsync();
        Assert.Empty(scene.Record!.Unconfirmed);
    }

    [Fact]
    public async Task Needs_a_person_after_three_failures_and_goes_on_with_force()
    {
        RotationScene scene = new();
        Assert.Equal("500", await RotationScene.FailAsync(Fail()));
        Assert.Equal("500", await RotationScene.FailAsync(Fail()));
        RotationException third = await Assert.ThrowsAsync<RotationException>(() => Fail());
        Assert.Equal(("RotationNeedsAttention", 500), (third.ErrorId, ((AuthressApiException)third.InnerException!).StatusCode));
        Assert.Equal(RotationState.NeedsAttention, scene.Record!.StateAt(scene.World.Now));
        foreach (Func<Task<Rotation?>> run in new[] { () => scene.StartAsync(), () => scene.CompleteAsync() })
        {
            Assert.Equal("RotationNeedsAttention", await RotationScene.FailAsync(run()));
            Assert.Equal([Port.ReadJournal], scene.Calls);
        }

        // Whoever forces it sees the failure itself, and the count begins again.
        Assert.Equal("500", await RotationScene.FailAsync(Fail(force: true)));
        Assert.Equal(1, scene.Record.FailedAttempts);
        await scene.StartAsync(options => options with { Force = true });
        Assert.Equal((0, null), (scene.Record.FailedAttempts, scene.Record.LastError));
        await scene.EndAsync();
        scene.VerifyEnd();

        Task<Rotation?> Fail(bool force = false) =>
            scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) }).StartAsync(options => options with { Force = force });
    }

    [Fact]
    public async Task Counts_the_failures_of_Complete_too_and_forgets_them_where_Start_is_forced()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Now += TimeSpan.FromDays(1);
        Fault noProof = new() { Proof = RotationScene.NoProof };
        for (int i = 1; i <= 3; i++)
            Assert.Equal(i < 3 ? "RotationCopyNotWorking" : "RotationNeedsAttention", await RotationScene.FailAsync(scene.At(Port.Prove, noProof).CompleteAsync()));
        await scene.StartAsync(options => options with { Force = true });
        Assert.Equal(RotationState.Due, scene.Record!.StateAt(scene.World.Now));
        await scene.CompleteAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Does_not_count_limits_refusals_and_stops()
    {
        RotationScene scene = new();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("429", await RotationScene.FailAsync(scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(429) }).StartAsync()));
            Assert.Equal("RotationKeyMissing", await RotationScene.FailAsync(scene.StartAsync(options => options with { KeyId = "k77" })));
            Assert.Equal("RotationNotDelivered", await RotationScene.FailAsync(scene.CompleteAsync()));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.StartAsync(cancellationToken: new CancellationToken(canceled: true)));
            Assert.Equal(0, scene.Record!.FailedAttempts);
        }

        // What cancels nothing keeps the error of what failed.
        Assert.Contains("k77", scene.Record!.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Returns_the_new_key_also_at_the_third_failure()
    {
        RotationScene scene = new();
        for (int i = 0; i < 3; i++)
        {
            RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.At(Port.ReadContent, new Fault { Before = Failure }, call: i == 0 ? 3 : 5)
                .At(Port.WriteContent, new Fault { Before = Failure }, call: i == 0 ? 1 : 2).StartAsync());
            Assert.Equal("RotationDeliveryUncertain", failure.ErrorId);
            Assert.NotNull(failure.NewKey);
        }

        Assert.True(scene.Record!.NeedsAttention);
    }

    [Fact]
    public async Task Writes_no_access_key_into_the_journal()
    {
        RotationScene scene = new();
        scene.At(Port.WriteContent, new Fault { Before = new IOException($"{scene.OldText} could not be replaced.") });
        Assert.Equal("RotationUndone", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.NotNull(scene.Record!.LastError);
        Assert.DoesNotContain(scene.OldText!.Split('.')[3], scene.Machine.JournalText, StringComparison.Ordinal);
        Assert.False(Redaction.Finds(scene.Machine.JournalText!));
    }

    [Fact]
    public async Task Warns_where_a_failure_can_not_be_recorded()
    {
        RotationScene scene = new();
        await RotationScene.FailAsync(scene.At(Port.Prove, new Fault { Proof = RotationScene.Refusal }).StartAsync());
        Assert.Equal("IOException", await RotationScene.FailAsync(scene.At(Port.ReadContent, new Fault { Before = Failure }).At(Port.WriteJournal, new Fault { Before = Failure }).StartAsync()));
        Assert.Equal(["RotationNotSaved"], scene.Machine.Warnings);
        Assert.Equal(1, scene.Record!.FailedAttempts);
    }

    [Fact]
    public async Task Keeps_the_failure_of_a_registration_whose_end_can_not_be_recorded()
    {
        RotationScene scene = new RotationScene().At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(403) }).At(Port.WriteJournal, new Fault { Before = Failure }, call: 2).At(Port.WriteJournal, new Fault { Before = Failure }, call: 3);
        Assert.Equal("403", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(RotationStep.Announced, scene.Record!.Step);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Completes_without_a_record_what_is_requested()
    {
        RotationScene scene = new(lasts: false);
        await scene.StartAsync();
        Rotation? shown = await scene.InspectAsync(options => options with { KeyId = "k3" });
        Assert.Equal(("k4", "k3", RotationState.Delivered), (shown!.NewKeyId, shown.ReplacedKeyId, shown.StateAt(scene.World.Now)));
        Assert.Equal(RotationStep.Delivered, (await scene.CompleteAsync(options => options with { KeyId = "k3" }))!.Step);
        Assert.Empty(scene.Gone);
        await scene.CompleteAsync(options => options with { KeyId = "k3", Overlap = TimeSpan.Zero });
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Records_no_failure_of_what_it_only_derived()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.Machine.SetJournal(null);
        await RotationScene.FailAsync(scene.At(Port.Prove, new Fault { Proof = RotationScene.NoProof }).CompleteAsync(options => options with { KeyId = "k3", Force = true }));
        Assert.Null(scene.Machine.JournalText);
    }

    [Fact]
    public async Task Retires_the_requested_key_where_the_rotation_replaced_none()
    {
        RotationScene scene = new(holdsKey: false, others: 0);
        WorldKey other = scene.World.AddKey().Key;
        scene.World.Delete(other.KeyId);
        await scene.StartAsync();
        WorldKey late = scene.World.AddKey().Key;
        Assert.Equal("RotationKeyMissing", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { KeyId = "k77", Force = true })));
        await scene.CompleteAsync(options => options with { KeyId = late.KeyId, Force = true });
        Assert.Equal([scene.World.HeldKey!], scene.World.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Shows_from_destination_and_server_alone_what_is_clear(int others)
    {
        RotationScene scene = new(others: others, lasts: false);
        Rotation? shown = await scene.InspectAsync();
        Assert.Equal(others == 1, shown is not null);
        if (shown is not null)
            Assert.Equal((scene.Old!.KeyId, "k1", RotationState.Due), (shown.NewKeyId, shown.ReplacedKeyId, shown.StateAt(scene.World.Now)));
        Assert.Null(await scene.InspectAsync(options => options with { Others = [new OtherRotation(RotationTests.At(RotationStep.Delivered) with { NewKeyId = "k1" }, null, "record")] }));
        scene.World.Write("a password", writer: null);
        Assert.Null(await scene.InspectAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Begins_no_second_rotation_within_the_overlap_without_a_journal(int others)
    {
        RotationScene scene = new(others: others, lasts: false);
        string first = (await scene.StartAsync())!.NewKeyId!;
        Rotation? again = await scene.StartAsync();
        Assert.Equal((first, RotationStep.Delivered, others == 0 ? scene.Old!.KeyId : null), (again!.NewKeyId, again.Step, again.ReplacedKeyId));
        Assert.Empty(scene.Asked);
        Assert.Single(scene.Made);
        await scene.StartAsync(options => options with { Force = true });
        Assert.Equal(2, scene.Made.Length);
        scene.World.Now += TimeSpan.FromDays(2);
        await scene.CompleteAsync(options => options with { KeyId = first });
        await scene.CompleteAsync(options => options with { KeyId = scene.Old!.KeyId });
        scene.VerifyEnd();
    }

    [Fact]
    public async Task Removes_the_new_key_where_it_is_stopped_before_the_delivery()
    {
        RotationScene scene = new();
        using CancellationTokenSource stop = new();
        scene.At(Port.Prove, stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.StartAsync(cancellationToken: stop.Token));
        scene.VerifyUnchanged();
        Assert.Equal((RotationStep.Planned, 0), (scene.Record!.Step, scene.Record.FailedAttempts));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(nameof(Port.WriteContent), 1)]
    [InlineData(nameof(Port.ReadContent), 2)]
    [InlineData(nameof(Port.WriteJournal), 2)]
    [InlineData(nameof(Port.WriteJournal), 3)]
    public async Task Removes_the_new_key_where_it_is_stopped_before_the_destination_is_written_to(string port, int call)
    {
        RotationScene scene = new();
        scene.At(Enum.Parse<Port>(port), new Fault { Before = new OperationCanceledException() }, call);
        await Assert.ThrowsAsync<OperationCanceledException>(() => scene.StartAsync());
        scene.VerifyUnchanged();
        Assert.Equal((RotationStep.Planned, 0), (scene.Record!.Step, scene.Record.FailedAttempts));
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    [Theory]
    [InlineData(nameof(Port.ReadContent), 3)]
    [InlineData(nameof(Port.WriteContent), 2)]
    public async Task Hands_over_the_new_key_where_it_is_stopped_while_the_destination_is_written_to(string port, int call)
    {
        RotationScene scene = new();
        scene.At(Port.WriteContent, new Fault { Stores = "half", After = new IOException("It was stopped.") });
        scene.At(Enum.Parse<Port>(port), new Fault { Before = new OperationCanceledException() }, call);
        RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.StartAsync());
        Assert.Equal("RotationDeliveryUncertain", failure.ErrorId);
        Assert.True(scene.World.Works(SecretText.Reveal(failure.NewKey!.AccessKey!)));
        Assert.Single(scene.Made);
    }

    [Fact]
    public async Task A_key_to_replace_that_is_not_the_one_of_a_delivered_rotation_is_refused()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Assert.Equal("RotationReplacesAnother", await RotationScene.FailAsync(scene.StartAsync(options => options with { KeyId = "k1" })));
        Assert.Equal(RotationStep.Delivered, (await scene.StartAsync(options => options with { KeyId = scene.Old!.KeyId }))!.Step);
        Assert.Single(scene.Made);

        // One that replaces none can be told.
        scene = new RotationScene(holdsKey: false, others: 0);
        await scene.StartAsync();
        WorldKey other = scene.World.AddKey().Key;
        Assert.Equal(other.KeyId, (await scene.StartAsync(options => options with { KeyId = other.KeyId }))!.ReplacedKeyId);
        Assert.Equal(other.KeyId, scene.Record!.ReplacedKeyId);
    }

    [Fact]
    public async Task Says_that_another_overlap_has_no_effect_after_the_delivery()
    {
        RotationScene scene = new();
        DateTimeOffset? due = (await scene.StartAsync())!.DueTime;
        Assert.Equal(due, (await scene.StartAsync())!.DueTime);
        Assert.DoesNotContain("RotationOverlapKept", scene.Machine.Warnings);
        Assert.Equal(due, (await scene.StartAsync(options => options with { Overlap = TimeSpan.Zero }))!.DueTime);
        Assert.Contains("RotationOverlapKept", scene.Machine.Warnings);

        // The default's value is one like any other.
        scene = new RotationScene();
        await scene.StartAsync(options => options with { Overlap = TimeSpan.Zero });
        await scene.StartAsync(options => options with { Overlap = RotationOptions.DefaultOverlap });
        Assert.Contains("RotationOverlapKept", scene.Machine.Warnings);
    }

    [Fact]
    public async Task Completion_asks_for_a_leftover_by_itself_and_for_nothing_that_it_would_refuse()
    {
        RotationScene scene = new();
        string publicKey = await LoseAsync(scene);
        await scene.StartAsync();
        WorldKey late = scene.World.Register(publicKey, "A", TimeSpan.Zero);
        scene.World.Now += TimeSpan.FromDays(2);
        scene.Answer = plan => plan.Change != RotationChange.RemoveLeftover;
        await scene.CompleteAsync();
        Assert.Equal([RotationChange.Retire, RotationChange.RemoveLeftover], scene.Asked);
        Assert.Contains(late, scene.World.Keys);

        scene = new RotationScene();
        await scene.StartAsync();
        scene.World.Write(scene.OldText, writer: null);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.CompleteAsync(options => options with { Force = true })));
        Assert.Empty(scene.Asked);
    }

    // A registration whose response is lost, and which is not carried out yet. Returns its public half.
    private static async Task<string> LoseAsync(RotationScene scene)
    {
        string? publicKey = null;
        scene.At(Port.Register, () => publicKey = scene.Record!.PublicKey);
        Assert.Equal("500", await RotationScene.FailAsync(scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) }).StartAsync()));
        return publicKey!;
    }
}
