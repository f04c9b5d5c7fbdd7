using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>A rotation from its beginning to its end, and what it finds out when it is run again.</summary>
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

        // Of an empty destination, another one may have been meant.
        Assert.Equal(!holdsKey && replaced is not null ? ["RotationTakesOnlyKey"] : [], scene.Machine.Warnings);

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
        Assert.Equal(begins, scene.Asked.Any());
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
        Assert.Equal("k2", (await scene.StartAsync(options => options with { Others = [new OtherRotation(RotationTests.At(RotationStep.Delivered) with { NewKeyId = "k1" }, null, "record")] }))!.ReplacedKeyId);

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

    [Theory]
    [InlineData(nameof(Port.Register))]
    [InlineData(nameof(Port.Prove))]
    [InlineData(nameof(Port.WriteContent))]
    public async Task Replaces_no_key_that_others_made_after_it_began_with_none(string moment)
    {
        foreach (bool isKilled in new[] { false, true })
        {
            RotationScene scene = new(holdsKey: false, others: 0);
            if (isKilled)
                scene.KillAt(Enum.Parse<Port>(moment), after: false).StartAndKill();
            else
                Assert.NotEmpty(await RotationScene.FailAsync(scene.At(Enum.Parse<Port>(moment), new Fault { Before = moment == nameof(Port.WriteContent) ? Failure : RotationMachine.ApiFailure(429) }).StartAsync()));
            scene.Calm();
            (WorldKey others, _) = scene.World.AddKey();
            scene.World.Now += TimeSpan.FromDays(1);
            Rotation? started = await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(90) });
            Assert.Equal((RotationStep.Delivered, null), (started!.Step, started.ReplacedKeyId));
            await scene.CompleteAsync(options => options with { Force = true });
            Assert.Contains(others, scene.World.Keys);
            Assert.True(scene.World.HoldsWorkingKey);
        }
    }

    // What the journal knows of the destination, whose key is deleted and which is emptied.
    [Theory]
    [InlineData("begun")]
    [InlineData("completed")]
    [InlineData("noted")]
    public async Task Replaces_no_key_of_others_where_the_one_that_the_destination_held_is_gone(string record)
    {
        RotationScene scene = new(others: 1);
        Func<RotationOptions, RotationOptions> with = options => options with { NotesDestinations = true };
        if (record == "begun")
            await RotationScene.FailAsync(scene.At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(429) }).StartAsync(with));
        else if (record == "completed")
            await scene.EndAsync();
        else
            Assert.Null(await scene.StartAsync(options => with(options) with { OlderThan = TimeSpan.FromDays(1000) }));
        string held = scene.World.HeldKey!.KeyId;
        scene.World.Write(content: null, writer: null);

        // Emptied alone, it still says which key its users have.
        scene.Answer = _ => false;
        await scene.StartAsync(with);
        Assert.Equal(held, Assert.Single(scene.Plans).KeyId);
        Assert.Equal(record == "begun" ? [] : ["RotationTakesLastKey"], scene.Machine.Warnings);
        scene.Answer = _ => true;
        scene.World.Delete(held);
        Rotation? started = await scene.StartAsync(with);
        Assert.Equal((RotationStep.Delivered, null), (started!.Step, started.ReplacedKeyId));
        Assert.Contains(scene.World.Keys, key => key.KeyId == "k1");
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
}
