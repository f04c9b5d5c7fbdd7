using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>What a rotation is refused for, or fails at: a clear error, and the account as it was.</summary>
public class RotationRefusalTests
{
    private static readonly IOException Failure = new("The disk is full.");
    private static readonly Func<RotationOptions, RotationOptions> Same = options => options;

    /// <summary>What leads to which error of Start. The client has three keys, one of them in the destination.</summary>
    private static readonly Dictionary<string, (string Error, Func<RotationScene> Prepare, Func<RotationOptions, RotationOptions> With)> Starts = new()
    {
        ["five keys"] = ("RotationNoRoom", () => new RotationScene(others: 4), Same),
        ["an empty destination and several keys"] = ("RotationAmbiguous", () => new RotationScene(holdsKey: false), Same),
        ["an empty destination and one key, just made"] = ("RotationOnlyKeyFresh", WithFreshKey, Same),
        ["an empty destination and one key, just made, and -Force"] = ("RotationOnlyKeyFresh", WithFreshKey, options => options with { Force = true }),
        ["something else in the destination"] = ("RotationForeignContent", () => Holding("a password"), Same),
        ["something else, and -KeyId"] = ("RotationForeignContent", () => Holding("a password"), options => options with { KeyId = "k1" }),
        ["the key of another client"] = ("RotationOtherClient", () => Holding(RotationWorld.ForeignKey(clientId: "sc_another")), Same),
        ["the key of another account"] = ("RotationOtherClient", () => Holding(RotationWorld.ForeignKey(accountId: "acc-another")), Same),
        ["a clock that is behind"] = ("RotationClockOff", () => Skewed(new RotationScene(), TimeSpan.FromHours(-23.5)), options => options with { Wait = TimeSpan.Zero }),
        ["a clock that is ahead, and -Force"] = ("RotationClockOff", () => Skewed(new RotationScene(), TimeSpan.FromSeconds(301)), options => options with { Force = true }),
        ["-KeyId that the client does not have"] = ("RotationKeyMissing", () => new RotationScene(), options => options with { KeyId = "k77" }),
        ["-KeyId that another destination holds"] = ("RotationHoldsAnother", () => new RotationScene(), options => options with { KeyId = "k1" }),
        ["-KeyId that another destination holds, and -Force"] = ("RotationHoldsAnother", () => new RotationScene(), options => options with { KeyId = "k1", Force = true }),
        ["a client that is gone"] = ("404", () => Deleted(new RotationScene()), Same),
        ["a list that can't be read"] = ("403", () => new RotationScene().At(Port.List, new Fault { Before = RotationMachine.ApiFailure(403) }), Same),
        ["a journal that can't be read"] = ("IOException", () => new RotationScene().At(Port.ReadJournal, new Fault { Before = Failure }), Same),
        ["a journal that can't be written"] = ("IOException", () => new RotationScene().At(Port.WriteJournal, new Fault { Before = Failure }), Same),
        ["a destination that can't be read"] = ("IOException", () => new RotationScene().At(Port.ReadContent, new Fault { Before = Failure }), Same),
        ["a destination that can't be written to"] = ("IOException", () => new RotationScene().At(Port.Prepare, new Fault { Before = Failure }), Same),
        ["a destination that can't be used"] = ("IOException", () => new RotationScene().At(Port.Check, new Fault { Before = Failure }), Same),
        ["a registration that is refused"] = ("403", () => new RotationScene().At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(403) }), Same),
        ["a limit on registrations"] = ("429", () => new RotationScene().At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(429) }), Same),
        ["a registration that did not arrive"] = ("500", () => new RotationScene().At(Port.Register, new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) }), Same),
        ["a registration that the journal can't record"] = ("IOException", () => new RotationScene().At(Port.WriteJournal, new Fault { Before = Failure }, call: 2), Same),
        ["a new key that never works"] = ("RotationKeyNotWorking", () => new RotationScene().At(Port.Prove, new Fault { Proof = RotationScene.Refusal }), Same),
        ["a new key that can't be proved"] = ("RotationKeyNotWorking", () => new RotationScene().At(Port.Prove, new Fault { Proof = RotationScene.NoProof }), Same),
        ["a destination that fails between check and delivery"] = ("IOException", () => new RotationScene().At(Port.ReadContent, new Fault { Before = Failure }, call: 2), Same),
        ["a delivery that the journal can't record before"] = ("IOException", () => new RotationScene().At(Port.WriteJournal, new Fault { Before = Failure }, call: 3), Same),
        ["a destination that takes nothing"] = ("RotationUndone", () => new RotationScene().At(Port.WriteContent, new Fault { Before = Failure }), Same),
        ["a destination that takes the key and stores another text"] = ("RotationUndone", () => new RotationScene().At(Port.WriteContent, new Fault { Stores = "another" }), Same),
        ["a destination that stores half of the key and fails"] = ("RotationUndone", () => new RotationScene().At(Port.WriteContent, new Fault { Stores = "sc_rotated.k4.acc", After = Failure }), Same),
        ["a destination that empties itself"] = ("RotationUndone", () => new RotationScene().At(Port.WriteContent, new Fault { Stores = " " }), Same),
        ["a delivered copy that is refused"] = ("RotationUndone", () => new RotationScene().At(Port.Prove, new Fault { Proof = RotationScene.Refusal }, call: 2), Same),
    };

    /// <summary>What leads to which error of Complete. The client has four keys, the new one in the destination.</summary>
    private static readonly Dictionary<string, (string Error, Action<RotationScene> Prepare, Func<RotationOptions, RotationOptions> With)> Completions = new()
    {
        ["no record"] = ("RotationRecordMissing", scene => scene.Machine.SetJournal(null), Same),
        ["no record, and -KeyId that the client does not have"] = ("RotationKeyMissing", scene => scene.Machine.SetJournal(null), options => options with { KeyId = "k77" }),
        ["no record, and -KeyId that the destination holds"] = ("RotationContentChanged", scene => scene.Machine.SetJournal(null), options => options with { KeyId = "k4" }),
        ["no record, -KeyId and something else in the destination"] = ("RotationContentChanged", scene => Hold(scene, "a password").SetJournal(null), options => options with { KeyId = "k3" }),
        ["not delivered"] = ("RotationNotDelivered", scene => scene.Machine.SetJournal(RotationTests.At(RotationStep.Registered)), Same),
        ["-KeyId of another key"] = ("RotationReplacesAnother", _ => { }, options => options with { KeyId = "k1" }),
        ["-KeyId of the new key"] = ("RotationReplacesAnother", scene => scene.Machine.SetJournal(scene.Record! with { ReplacedKeyId = null }), options => options with { KeyId = "k4" }),
        ["the key that signs for the connection"] = ("RotationOwnKey", _ => { }, options => options with { OwnKeyId = "k3" }),
        ["a client that is gone"] = ("404", scene => Deleted(scene), Same),
        ["an empty destination"] = ("RotationContentChanged", scene => Hold(scene, null), Same),
        ["something else in the destination"] = ("RotationContentChanged", scene => Hold(scene, "a password"), Same),
        ["the old key in the destination"] = ("RotationContentChanged", scene => Hold(scene, scene.OldText), Same),
        ["another key of the client in the destination"] = ("RotationContentChanged", scene => Hold(scene, scene.World.AddKey().Text), Same),
        ["a key with the new key's id in the destination"] = ("RotationContentChanged", scene => Hold(scene, RotationWorld.ForeignKey(keyId: "k4")), Same),
        ["a destination that can't be read"] = ("IOException", scene => scene.At(Port.ReadContent, new Fault { Before = Failure }), Same),
        ["a new key that somebody has deleted"] = ("RotationCopyNotWorking", scene => scene.World.Delete("k4"), Same),
        ["a new key that can't be proved"] = ("RotationCopyNotWorking", scene => scene.At(Port.Prove, new Fault { Proof = RotationScene.NoProof }), Same),
        ["a destination that changes during the proof"] = ("RotationContentChanged", scene => scene.At(Port.ReadContent, () => Hold(scene, scene.OldText), call: 2), Same),
        ["a deletion that is refused"] = ("403", scene => scene.At(Port.Delete, new Fault { Before = RotationMachine.ApiFailure(403) }), Same),
    };

    public static TheoryData<string> StartNames => [.. Starts.Keys];

    public static TheoryData<string> CompletionNames => [.. Completions.Keys];

    [Theory]
    [MemberData(nameof(StartNames))]
    public async Task A_rotation_that_can_not_begin_leaves_everything_as_it_was(string name)
    {
        (string error, Func<RotationScene> prepare, Func<RotationOptions, RotationOptions> with) = Starts[name];
        RotationScene scene = prepare();
        string? content = scene.World.Content;
        Assert.Equal(error, await RotationScene.FailAsync(scene.StartAsync(with)));
        Assert.Equal(scene.Before, scene.World.Keys);
        Assert.Equal(content, scene.World.Content);
        Assert.True(scene.Record is null or { Step: RotationStep.Planned } or { Step: RotationStep.Announced }, scene.Record?.Step.ToString());

        // Whatever failed, the next run succeeds where the failure was not in what is there.
        if (scene.World.HoldsWorkingKey && scene.Before.Length < RotationWorld.MaximumKeys && with == Same)
        {
            await scene.EndAsync();
            scene.VerifyEnd();
        }
    }

    [Theory]
    [MemberData(nameof(CompletionNames))]
    public async Task A_rotation_that_can_not_be_completed_keeps_the_replaced_key(string name)
    {
        (string error, Action<RotationScene> prepare, Func<RotationOptions, RotationOptions> with) = Completions[name];
        RotationScene scene = new();
        await scene.StartAsync();
        prepare(scene);
        IReadOnlyList<WorldKey> keys = scene.World.Keys;
        Assert.Equal(error, await RotationScene.FailAsync(scene.CompleteAsync(options => with(options) with { Force = true })));
        Assert.Equal(keys, scene.World.Keys);
        Assert.Contains(scene.Old, scene.World.Keys);
        Assert.NotEqual(RotationStep.Completed, scene.Record?.Step);
    }

    [Fact]
    public async Task A_record_that_can_not_be_used_changes_nothing()
    {
        Rotation record = RotationTests.At(RotationStep.Registered);
        (string Text, string Error)[] records =
        [
            ("{}", "JournalDamaged"),
            ("{\"version\":2}", "JournalNewer"),
            (RotationJson.Write(record with { ClientId = "sc_another" }), "RotationRecordForeign"),
            (RotationJson.Write(record with { AccountId = "acc-another" }), "RotationRecordForeign"),
        ];
        RotationScene scene = new();
        foreach ((string text, string error) in records)
        {
            scene.Machine.JournalText = text;
            Assert.Equal(error, await RotationScene.FailAsync(scene.StartAsync(options => options with { Force = true })));
            Assert.Equal(error, await RotationScene.FailAsync(scene.CompleteAsync(options => options with { Force = true })));
            Assert.Equal(error, await RotationScene.FailAsync(scene.InspectAsync()));
            Assert.Equal(text, scene.Machine.JournalText);
        }

        scene.VerifyUnchanged();
    }

    [Theory]
    [InlineData("sc.dotted")]
    [InlineData("sc_with blank")]
    public async Task An_id_that_can_not_be_part_of_a_key_changes_nothing(string clientId)
    {
        RotationScene scene = new();
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(() => scene.StartAsync(options => options with { ClientId = clientId }));
        Assert.Contains($"'{clientId}'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(scene.Calls);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_ends_no_overlap()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        scene.World.Now += TimeSpan.FromHours(25);
        scene.Machine.ClockSkew = TimeSpan.FromHours(25);
        Assert.Equal("RotationClockOff", await RotationScene.FailAsync(scene.CompleteAsync()));
        Assert.Equal(0, scene.Record!.FailedAttempts);
        Assert.Contains(scene.Old, scene.World.Keys);

        // What does not wait needs no clock.
        Assert.Equal(RotationStep.Completed, (await scene.CompleteAsync(options => options with { Force = true }))!.Step);
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(300)]
    public async Task A_clock_that_is_a_little_off_is_good_enough(int seconds)
    {
        RotationScene scene = Skewed(new RotationScene(), TimeSpan.FromSeconds(seconds));
        Assert.True((await scene.StartAsync())!.IsDelivered);
    }

    [Fact]
    public async Task A_client_that_is_deleted_meanwhile_fails_with_the_failure_that_was_seen()
    {
        RotationScene scene = new();
        scene.At(Port.Prove, () => scene.World.IsClientDeleted = true);
        Assert.Equal("RotationKeyNotWorking", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Contains("RotationNewKeyLeft", scene.Machine.Warnings);
        Assert.Equal("404", await RotationScene.FailAsync(scene.StartAsync()));
        Assert.Equal(scene.OldText, scene.World.Content);
    }

    [Fact]
    public async Task A_deletion_that_is_accepted_and_not_carried_out_is_not_the_end()
    {
        RotationScene scene = new();
        await scene.StartAsync();
        Assert.Equal("RotationNotRetired", await RotationScene.FailAsync(scene.At(Port.IsGone, new Fault { Lag = TimeSpan.FromMilliseconds(1) }).CompleteAsync(options => options with { Force = true })));
        Assert.Equal(RotationStep.Retiring, scene.Record!.Step);
        await scene.EndAsync();
        scene.VerifyEnd();
    }

    private static RotationScene WithFreshKey()
    {
        RotationScene scene = new(holdsKey: false, others: 1, age: TimeSpan.FromMinutes(14));
        return scene;
    }

    private static RotationScene Holding(string content)
    {
        RotationScene scene = new();
        Hold(scene, content);
        return scene;
    }

    private static RotationMachine Hold(RotationScene scene, string? content)
    {
        scene.World.Write(content, writer: null);
        return scene.Machine;
    }

    private static RotationScene Skewed(RotationScene scene, TimeSpan skew)
    {
        scene.Machine.ClockSkew = skew;
        return scene;
    }

    private static RotationScene Deleted(RotationScene scene)
    {
        scene.World.IsClientDeleted = true;
        return scene;
    }
}
