using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Failed attempts: which are counted, and what the record keeps of them.</summary>
public class RotationAttemptTests
{
    private static readonly IOException Failure = new("The disk is full.");

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
}
