using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>What becomes of a delivery that fails, or that is stopped.</summary>
public class RotationDeliveryTests
{
    private static readonly IOException Failure = new("The disk is full.");

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
    public async Task Another_delivery_between_the_write_and_the_look_is_left_alone()
    {
        RotationScene scene = new();
        RotationMachine other = scene.NewMachine("B");
        scene.At(Port.ReadContent, () => Assert.True(RotationScene.StartAsync(other).IsCompleted), call: 3);
        Assert.Equal("RotationContentChanged", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(other.Record!.NewKeyId, scene.World.HeldKey!.KeyId);
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
}
