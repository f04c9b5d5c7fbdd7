using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>What destination and server alone show.</summary>
public class RotationWithoutRecordTests
{
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
}
