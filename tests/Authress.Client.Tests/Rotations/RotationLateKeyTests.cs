using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>Keys whose registration may be carried out after its response was lost.</summary>
public class RotationLateKeyTests
{
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
