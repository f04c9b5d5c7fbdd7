using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>What rotations of one client in several destinations know of each other, and the notes from which they know it.</summary>
public class RotationOtherDestinationTests
{
    // What another destination holds now, whether it can be read, and what its record says, with whether the key is kept.
    [Theory]
    [InlineData("the replaced key", RotationStep.Planned, true)]
    [InlineData("the replaced key", RotationStep.Delivered, true)]
    [InlineData("the replaced key", RotationStep.Completed, true)]
    [InlineData("another key", RotationStep.Planned, false)]
    [InlineData("another key", RotationStep.Completed, false)]
    [InlineData("nothing", RotationStep.Delivering, false)]
    [InlineData("unreadable", RotationStep.Planned, true)]
    [InlineData("unreadable", RotationStep.Delivered, false)]
    [InlineData("a script", RotationStep.Planned, true)]
    [InlineData("a script", RotationStep.Delivered, false)]
    [InlineData("a script", RotationStep.Completed, false)]
    public async Task Keeps_a_replaced_key_that_another_destination_holds_or_may_hold(string content, RotationStep step, bool isKept)
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Rotation record = RotationTests.At(step) with { HeldKeyId = scene.Old!.KeyId, ReplacedKeyId = scene.Old.KeyId, NewKeyId = "k77" };
        RotationScene second = new();
        second.World.Write(content switch { "the replaced key" => scene.OldText, "another key" => RotationWorld.ForeignKey(keyId: "k77"), _ => null }, writer: null);
        if (content == "unreadable")
            second.Machine.Entering = (_, _) => throw new IOException("It can't be read.");
        OtherRotation other = new(record, content == "a script" ? null : second.Machine, "the record's file");
        Task<Rotation?> completion = scene.CompleteAsync(options => options with { Others = [other], Force = true });
        if (isKept)
        {
            RotationException failure = await Assert.ThrowsAsync<RotationException>(() => completion);
            Assert.Equal("RotationKeyInUse", failure.ErrorId);
            Assert.Contains(failure.Values, value => value?.ToString()?.Contains("the record's file", StringComparison.Ordinal) == true);
            Assert.Equal(RotationStep.Delivered, scene.Record!.Step);
            Assert.Empty(scene.Asked);
        }
        else
        {
            Assert.Equal(RotationStep.Completed, (await completion)!.Step);
        }

        Assert.Equal(isKept, scene.World.Keys.Contains(scene.Old));
    }

    // What is to read the other destination has the key from elsewhere until then.
    [Theory]
    [InlineData(RotationStep.Planned, true)]
    [InlineData(RotationStep.Registered, true)]
    [InlineData(RotationStep.Completed, false)]
    public async Task Keeps_a_key_that_a_rotation_into_an_empty_destination_is_yet_to_replace(RotationStep step, bool isKept)
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Rotation record = RotationTests.At(step) with { HeldKeyId = null, ReplacedKeyId = scene.Old!.KeyId, NewKeyId = "k77" };
        RotationScene second = new(holdsKey: false);
        Func<RotationOptions, RotationOptions> with = options => options with { Others = [new OtherRotation(record, second.Machine, "record")], Force = true };
        if (isKept)
            Assert.Equal("RotationKeyAwaited", await RotationScene.FailAsync(scene.CompleteAsync(with)));
        else
            await scene.CompleteAsync(with);
        Assert.Equal(isKept, scene.World.Keys.Contains(scene.Old));
    }

    // How the rotation in another destination keeps the key, and whether that is the replaced key or one that was given up.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Keeps_a_key_until_the_last_of_the_rotations_that_keep_it_is_due(bool isGivenUp, bool givesUp)
    {
        RotationScene scene = new();
        string key = givesUp ? (await scene.StartAsync())!.NewKeyId! : scene.Old!.KeyId;
        if (givesUp)
            scene.World.Write(scene.OldText, writer: null);
        await scene.StartAsync(options => options with { Force = givesUp });
        scene.World.Now += TimeSpan.FromDays(1);
        DateTimeOffset due = scene.World.Now.AddHours(5);
        Rotation record = RotationTests.At(isGivenUp ? RotationStep.Planned : RotationStep.Delivered) with { HeldKeyId = "k77", NewKeyId = "k77", ReplacedKeyId = isGivenUp ? null : key, DueTime = due };
        if (isGivenUp)
            record = record with { GivenUp = [new GivenUpKey(key, due)] };
        Func<RotationOptions, RotationOptions> with = options => options with { Others = [new OtherRotation(record, null, "record")] };
        scene.Answer = _ => false;
        await scene.CompleteAsync(with);
        Assert.DoesNotContain(scene.Plans, plan => plan.KeyId == key);
        Assert.Equal(givesUp ? ["RotationKeyGivenUp"] : ["RotationKeptByOther"], scene.Machine.Warnings);

        // Whoever forces it is told of the later time.
        await scene.CompleteAsync(options => with(options) with { Force = true, IsRehearsal = true });
        Assert.Equal([due], scene.Plans.Where(plan => plan.KeyId == key).Select(plan => plan.Early));
        scene.World.Now = due;
        scene.Answer = _ => true;
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(with))!.Step);
        Assert.DoesNotContain(scene.World.Keys, other => other.KeyId == key);
    }

    [Fact]
    public async Task Takes_no_key_that_another_destination_holds_for_the_only_other_one()
    {
        RotationScene scene = new(holdsKey: false, others: 0);
        (WorldKey used, string text) = scene.World.AddKey();
        RotationScene second = new();
        second.World.Write(text, writer: null);
        scene.World.Now += TimeSpan.FromDays(1);
        Rotation note = Rotation.NoteOf(scene.Machine.Options, second.Machine.Place, keyId: null);
        Rotation? started = await scene.StartAsync(options => options with { Others = [new OtherRotation(note, second.Machine, "record")] });
        Assert.Equal((RotationStep.Delivered, null), (started!.Step, started.ReplacedKeyId));
        await scene.CompleteAsync(options => options with { Force = true });
        Assert.Contains(used, scene.World.Keys);
    }

    [Fact]
    public async Task Guesses_no_key_that_a_destination_may_hold_that_was_never_read()
    {
        RotationScene scene = new(holdsKey: false, others: 1);
        Rotation note = Rotation.NoteOf(scene.Machine.Options, scene.Machine.Place, keyId: null);
        Func<RotationOptions, RotationOptions> with = options => options with { Others = [new OtherRotation(note, Locked(), "the record's file")] };
        RotationException failure = await Assert.ThrowsAsync<RotationException>(() => scene.StartAsync(with));
        Assert.Equal("RotationOnlyKeyUnclear", failure.ErrorId);
        Assert.Contains("the record's file", failure.Values[3]!.ToString(), StringComparison.Ordinal);
        scene.VerifyUnchanged();
        Assert.Equal("k1", (await scene.StartAsync(options => with(options) with { KeyId = "k1" }))!.ReplacedKeyId);

        // With several keys, the reason is that.
        scene = new RotationScene(holdsKey: false);
        Assert.Equal("RotationAmbiguous", await RotationScene.FailAsync(scene.StartAsync(with)));
    }

    [Fact]
    public async Task Notes_the_key_that_somebody_has_written_to_a_delivered_destination()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        string? delivered = scene.World.Content;
        (WorldKey other, string text) = scene.World.AddKey();
        foreach ((string? content, string holds, string not) in new[] { (text, other.KeyId, "k4"), (null, string.Empty, other.KeyId), (delivered, "k4", other.KeyId) })
        {
            scene.World.Write(content, writer: null);
            Task<Rotation?> run = scene.StartAsync();
            Assert.Equal(content != delivered, run.IsFaulted);
            OtherRotation seen = new(scene.Record!, Locked(), "");
            Assert.Equal(Holding.Recorded, holds.Length == 0 ? Holding.Recorded : await seen.FindHoldingAsync(RotationWorld.ClientId, holds));
            Assert.Equal(Holding.No, await seen.FindHoldingAsync(RotationWorld.ClientId, not));
        }

        await scene.EndAsync();
        scene.World.Delete(other.KeyId);
        scene.VerifyEnd();
    }

    // Before it was emptied, somebody had put another key there.
    [Fact]
    public async Task Takes_for_an_emptied_destination_the_key_that_was_seen_there_last()
    {
        RotationScene scene = new(others: 0);
        await scene.StartAsync(options => options with { Overlap = TimeSpan.Zero });
        await scene.CompleteAsync();
        (WorldKey seen, string text) = scene.World.AddKey();
        scene.World.Write(text, writer: null);
        Assert.Null(await scene.StartAsync(options => options with { OlderThan = TimeSpan.FromDays(1000) }));
        scene.World.Write(null, writer: null);
        Assert.Equal(seen.KeyId, (await scene.StartAsync())!.ReplacedKeyId);
    }

    [Fact]
    public async Task Notes_nothing_of_a_script_whose_text_may_serve_another_place()
    {
        RotationScene scene = new(place: new RotationPlace("-ReadScript", "script:text"));
        await scene.StartAsync();
        string delivered = scene.Record!.NewKeyId!;
        scene.World.Write(scene.World.AddKey().Text, writer: null);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(delivered, scene.Record.DestinationKeyId);
    }

    [Fact]
    public async Task Notes_a_destination_that_needs_no_rotation_or_can_not_be_read()
    {
        Func<RotationOptions, RotationOptions> young = options => options with { NotesDestinations = true, OlderThan = TimeSpan.FromDays(1000) };
        RotationScene scene = new();
        Assert.Null(await scene.StartAsync(young));
        Assert.Equal((true, scene.Old!.KeyId, RotationStep.Completed), (scene.Record!.IsNote, scene.Record.DestinationKeyId, scene.Record.Step));
        scene.VerifyUnchanged();

        // Written once, and no rotation.
        string? note = scene.Machine.JournalText;
        scene.World.Now += TimeSpan.FromDays(1);
        Assert.Null(await scene.StartAsync(young));
        Assert.Equal(note, scene.Machine.JournalText);
        Assert.Equal("RotationRecordMissing", await RotationScene.FailAsync(scene.CompleteAsync()));
        await scene.EndAsync();
        scene.VerifyEnd();

        scene = new RotationScene();
        scene.At(Port.ReadContent, new Fault { Before = new IOException("It is locked.") });
        Assert.Equal("IOException", await RotationScene.FailAsync(scene.StartAsync(young)));
        Assert.Equal((true, null), (scene.Record!.IsNote, scene.Record.DestinationKeyId));
        Assert.Equal(["RotationDestinationUnread"], scene.Machine.Warnings);
        Assert.Equal(Holding.Unknown, await new OtherRotation(scene.Record, Locked(), "").FindHoldingAsync(RotationWorld.ClientId, "k1"));
        await scene.EndAsync();
        scene.VerifyEnd();

        // Also before it is found that it can't be written to.
        scene = new RotationScene();
        scene.At(Port.Check, new Fault { Before = new IOException("It is read-only.") });
        Assert.Equal("IOException", await RotationScene.FailAsync(scene.StartAsync(options => options with { NotesDestinations = true })));
        Assert.Equal((true, scene.Old!.KeyId), (scene.Record!.IsNote, scene.Record.DestinationKeyId));
    }

    [Fact]
    public async Task Notes_the_key_that_a_destination_holds_after_its_rotation_was_completed()
    {
        Func<RotationOptions, RotationOptions> young = options => options with { NotesDestinations = true, OlderThan = TimeSpan.FromDays(1000) };
        RotationScene scene = new();
        await scene.EndAsync();
        string delivered = scene.Record!.NewKeyId!;
        Assert.Equal(delivered, scene.Record.DestinationKeyId);
        (WorldKey other, string text) = scene.World.AddKey();
        scene.World.Write(text, writer: null);
        Assert.Null(await scene.StartAsync(young));
        Assert.Equal((RotationStep.Completed, delivered, other.KeyId), (scene.Record!.Step, scene.Record.NewKeyId, scene.Record.DestinationKeyId));
        Assert.Equal(Holding.Recorded, await new OtherRotation(scene.Record, Locked(), "").FindHoldingAsync(RotationWorld.ClientId, other.KeyId));
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync())!.Step);

        // One that was seen to be empty holds nothing.
        scene.World.Write(" ", writer: null);
        scene.Answer = _ => false;
        Assert.Null(await scene.StartAsync(options => options with { NotesDestinations = true }));
        Assert.Equal(Holding.No, await new OtherRotation(scene.Record!, Locked(), "").FindHoldingAsync(RotationWorld.ClientId, other.KeyId));
    }

    [Fact]
    public async Task Keeps_a_given_up_key_that_another_destination_holds()
    {
        // A person copies the new key elsewhere, and puts the old one back.
        RotationScene scene = new();
        string given = (await scene.StartAsync())!.NewKeyId!;
        OtherRotation other = new(RotationTests.At(RotationStep.Planned) with { HeldKeyId = given }, null, "record");
        scene.World.Write(scene.OldText, writer: null);
        await scene.StartAsync(options => options with { Force = true, Others = [other] });
        Assert.Contains(scene.World.Keys, key => key.KeyId == given);

        // It stays while the other holds it, even if the overlap is skipped, and goes afterwards.
        await scene.CompleteAsync(options => options with { Force = true, Others = [other] });
        Assert.Contains(scene.World.Keys, key => key.KeyId == given);
        await scene.StartAsync();
        await scene.CompleteAsync(options => options with { Force = true });
        Assert.DoesNotContain(scene.World.Keys, key => key.KeyId == given);
    }

    private static RotationMachine Locked() => new(new RotationWorld(), "B") { Entering = (_, _) => throw new IOException("It is locked.") };
}
