using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Authress.Client.AccessKeys;
using Authress.Client.Rotations;
using Authress.Client.Tests.Rotations.Model;

namespace Authress.Client.Tests.Rotations;

/// <summary>The state machine of rotations.</summary>
public class RotationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RotationStep[] Steps = Enum.GetValues<RotationStep>();

    private static readonly (RotationStep From, RotationStep To)[] Edges =
    [
        (RotationStep.Planned, RotationStep.Announced),
        (RotationStep.Announced, RotationStep.Planned),
        (RotationStep.Announced, RotationStep.Registered),
        (RotationStep.Registered, RotationStep.Planned),
        (RotationStep.Registered, RotationStep.Delivering),
        (RotationStep.Delivering, RotationStep.Planned),
        (RotationStep.Delivering, RotationStep.Delivered),
        (RotationStep.Delivered, RotationStep.Planned),
        (RotationStep.Delivered, RotationStep.Delivered),
        (RotationStep.Delivered, RotationStep.Retiring),
        (RotationStep.Retiring, RotationStep.Planned),
        (RotationStep.Retiring, RotationStep.Delivered),
        (RotationStep.Retiring, RotationStep.Completed),
    ];

    /// <summary>Every change of the step.</summary>
    private static readonly (RotationStep To, Func<Rotation, Rotation> Change)[] Changes =
    [
        (RotationStep.Announced, rotation => rotation.Announce(PublicKey(), Now)),
        (RotationStep.Registered, rotation => rotation.Register("k2", Now)),
        (RotationStep.Delivering, rotation => rotation.BeginDelivery(Now)),
        (RotationStep.Delivered, rotation => rotation.Deliver(Now)),
        (RotationStep.Delivered, rotation => rotation.Adopt("k3", PublicKey(), Now)),
        (RotationStep.Retiring, rotation => rotation.BeginRetiring(Now)),
        (RotationStep.Completed, rotation => rotation.Complete(Now)),
        (RotationStep.Planned, rotation => rotation.Undo(Now, isConfirmed: true)),
        (RotationStep.Planned, rotation => rotation.Abandon(Now)),
    ];

    public static TheoryData<RotationStep, RotationStep> Pairs
    {
        get
        {
            TheoryData<RotationStep, RotationStep> pairs = [];
            foreach (RotationStep from in Steps)
            {
                foreach (RotationStep to in Steps)
                    pairs.Add(from, to);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Goes_from_step_to_step_where_the_table_says_so_and_nowhere_else(RotationStep from, RotationStep to)
    {
        bool isEdge = Edges.Contains((from, to));
        Assert.Equal(isEdge, Rotation.StepsAfter(from).Contains(to));
        bool[] succeeded = [.. Changes.Where(change => change.To == to).Select(change => Succeeds(change.Change))];

        // A delivered rotation is delivered again only by another key.
        Assert.Equal(isEdge, succeeded.Any(succeeds => succeeds));

        bool Succeeds(Func<Rotation, Rotation> change)
        {
            Rotation before = At(from);
            try
            {
                Rotation after = change(before);
                Assert.Equal((to, Now), (after.Step, after.StepTime));
                return true;
            }
            catch (InvalidOperationException)
            {
                Assert.Equal(At(from).Step, before.Step);
                return false;
            }
        }
    }

    [Fact]
    public void Has_the_transitions_of_the_diagram_in_its_page()
    {
        string root = typeof(RotationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string page = File.ReadAllText(Path.Combine(root, "docs", "rotation.md"));
        string diagram = Regex.Match(page, "```mermaid\r?\nstateDiagram-v2\r?\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        (RotationStep, RotationStep)[] drawn = [.. Regex.Matches(diagram, @"^\s*(\w+) --> (\w+)", RegexOptions.Multiline).Cast<Match>().Select(match => (Step(match.Groups[1].Value), Step(match.Groups[2].Value)))];
        Assert.Equal(Edges.OrderBy(edge => edge), drawn.OrderBy(edge => edge));
        Assert.Contains("[*] --> Planned", diagram, StringComparison.Ordinal);
        Assert.Contains("Completed --> [*]", diagram, StringComparison.Ordinal);

        static RotationStep Step(string name) => Enum.Parse<RotationStep>(name);
    }

    [Fact]
    public void Takes_an_undone_key_for_gone_only_if_no_key_can_exist()
    {
        Rotation announced = At(RotationStep.Announced);
        Assert.Empty(announced.Undo(Now, isConfirmed: true).Unconfirmed);
        Rotation unconfirmed = announced.Undo(Now, isConfirmed: false);
        Assert.Equal([new UnconfirmedKey(announced.PublicKey!, Now)], unconfirmed.Unconfirmed);
        Assert.Equal((null, null, null), (unconfirmed.PublicKey, unconfirmed.NewKeyId, unconfirmed.DueTime));
        Assert.Equal("k0", unconfirmed.ReplacedKeyId);
    }

    [Theory]
    [InlineData(23, false, true)]
    [InlineData(25, false, false)]
    [InlineData(25, true, true)]
    public void Expects_a_key_for_a_day_or_as_long_as_it_is_listed(int hours, bool isListed, bool remains)
    {
        Rotation rotation = At(RotationStep.Announced);
        string key = rotation.PublicKey!;
        rotation = rotation.Undo(Now, isConfirmed: false);
        Assert.Equal(remains, rotation.Confirm([], isListed ? [key] : [], Now.AddHours(hours)).Unconfirmed.Count == 1);
        Assert.Empty(rotation.Confirm([key], [key], Now).Unconfirmed);
    }

    [Fact]
    public void Gives_up_the_key_that_another_takes_the_place_of_and_no_longer_the_one_that_is_adopted()
    {
        Rotation rotation = At(RotationStep.Delivered);
        string own = rotation.PublicKey!;
        string ownId = rotation.NewKeyId!;
        string adopted = PublicKey();
        rotation = rotation with { Unconfirmed = [new UnconfirmedKey(adopted, Now)], FailedAttempts = 3, LastError = "failed" };
        rotation = rotation.Adopt("k9", adopted, Now.AddDays(1));
        Assert.Empty(rotation.Unconfirmed);
        Assert.Equal([new GivenUpKey(ownId, Now.AddDays(2))], rotation.GivenUp);
        Assert.Equal(("k9", adopted, "k0", Now.AddDays(2)), (rotation.NewKeyId, rotation.PublicKey, rotation.ReplacedKeyId, rotation.DueTime));
        Assert.Equal((0, null), (rotation.FailedAttempts, rotation.LastError));

        // Its own key, which is adopted again, stays its own.
        Rotation back = rotation.Adopt(ownId, own, Now);
        Assert.Equal(own, back.PublicKey);
        Assert.Equal(["k9"], back.GivenUp.Select(key => key.KeyId));

        // A key that it did not make is not its own to delete.
        Rotation foreign = rotation.Adopt("k10", PublicKey(), Now);
        Assert.Equal([ownId, "k9"], foreign.GivenUp.Select(key => key.KeyId));
        Assert.Equal(foreign.GivenUp, foreign.Adopt("k11", PublicKey(), Now).GivenUp);
    }

    [Fact]
    public void Shows_what_it_waits_for()
    {
        Assert.All([RotationStep.Planned, RotationStep.Announced, RotationStep.Registered, RotationStep.Delivering], step => Assert.Equal(RotationState.Interrupted, At(step).StateAt(Now)));
        Assert.All([RotationStep.Delivered, RotationStep.Retiring], step =>
        {
            Assert.Equal(RotationState.Delivered, At(step).StateAt(Now.AddHours(23)));
            Assert.Equal(RotationState.Due, At(step).StateAt(Now.AddHours(24)));
        });
        Assert.All(Steps, step =>
        {
            Rotation failed = At(step).Fail("once", counts: true).Fail("twice", counts: true).Fail("limited", counts: false);
            Assert.Equal((2, "limited", false), (failed.FailedAttempts, failed.LastError, failed.NeedsAttention));
            failed = failed.Fail("thrice", counts: true);
            Assert.Equal(step == RotationStep.Completed ? RotationState.Completed : RotationState.NeedsAttention, failed.StateAt(Now));
            Assert.Equal(At(step).StateAt(Now), failed.Forgive().StateAt(Now));
        });
        Assert.Equal(RotationState.Running, At(RotationStep.Delivering).ToModel(Now, isRunning: true).State);
    }

    // The step, the hours until the given-up keys are due, and for how many hours the replaced key and the first given-up one are kept.
    [Theory]
    [InlineData(RotationStep.Planned, "", null, null)]
    [InlineData(RotationStep.Planned, "3 9", null, 3)]
    [InlineData(RotationStep.Registered, "3", null, 3)]
    [InlineData(RotationStep.Delivering, "", 24, null)]
    [InlineData(RotationStep.Delivering, "30", 24, 30)]
    [InlineData(RotationStep.Delivered, "", 24, null)]
    [InlineData(RotationStep.Retiring, "30", 24, 30)]
    [InlineData(RotationStep.Completed, "3", null, 3)]
    public void Keeps_what_it_took_out_of_the_destination_for_the_overlap(RotationStep step, string givenUp, int? replaced, int? first)
    {
        Rotation rotation = At(step) with
        {
            StepTime = Now,
            DueTime = Now.AddHours(24),
            GivenUp = [.. givenUp.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((hours, i) => new GivenUpKey($"k{i + 7}", Now.AddHours(int.Parse(hours, CultureInfo.InvariantCulture))))],
        };
        Assert.Equal((replaced, first, null), (Hours("k0"), Hours("k7"), Hours("k1")));

        double? Hours(string keyId) => (rotation.FindKeptUntil(keyId) - Now)?.TotalHours;
    }

    // After a new beginning: how it came about, and for how many hours the replaced key is kept.
    [Theory]
    [InlineData(RotationStep.Registered, false, null)]
    [InlineData(RotationStep.Delivering, false, null)]
    [InlineData(RotationStep.Delivering, true, 24)]
    [InlineData(RotationStep.Delivered, false, 24)]
    [InlineData(RotationStep.Retiring, true, 24)]
    public void Keeps_what_it_took_out_of_the_destination_before_it_was_begun_again(RotationStep step, bool isGivenUp, int? replaced)
    {
        Rotation before = At(step);
        Rotation rotation = isGivenUp ? before.Abandon(Now) : before.Undo(Now, isConfirmed: true);
        Assert.Equal(replaced, ((rotation with { ReplacedKeyId = "k9" }).FindKeptUntil("k0") - Now)?.TotalHours);
    }

    [Fact]
    public void Shows_a_script_everything_but_the_public_half()
    {
        Rotation rotation = At(RotationStep.Delivered).Fail("It failed.", counts: true);
        AccessKeyRotation model = rotation.ToModel(Now);
        Assert.Equal((rotation.Id, rotation.ClientId, "a file", "/key", null, null), (model.RotationId, model.ClientId, model.Destination, model.OutFile, model.SecretName, model.VaultName));
        Assert.Equal((RotationState.Delivered, RotationStep.Delivered, Now, rotation.StartTime), (model.State, model.Step, model.StepTime, model.StartTime));
        Assert.Equal(("k2", "k0", Now.AddDays(1), 1, "It failed."), (model.NewKeyId, model.ReplacedKeyId, model.DueTime, model.FailedAttempts, model.LastError));
        Assert.Equal("sc_rotated/k2", model.ToString());
        Assert.Equal("sc_rotated", At(RotationStep.Announced).ToModel(Now).ToString());
        Assert.Null(At(RotationStep.Completed).ToModel(Now).DueTime);
    }

    /// <summary>A rotation that has come to a step by the way that leads there.</summary>
    internal static Rotation At(RotationStep step)
    {
        Rotation rotation = new()
        {
            Id = "r1",
            ClientId = RotationWorld.ClientId,
            ApiUrl = RotationWorld.ApiUrl,
            AccountId = RotationWorld.AccountId,
            Place = new RotationPlace("a file", "file:/key", OutFile: "/key"),
            StartTime = Now.AddMinutes(-1),
            StepTime = Now.AddMinutes(-1),
            Overlap = TimeSpan.FromDays(1),
            HeldKeyId = "k0",
            ReplacedKeyId = "k0",
        };
        Func<Rotation, Rotation>[] way = [.. Changes.Where(change => change.To != RotationStep.Planned).GroupBy(change => change.To).Select(group => group.First().Change)];
        return way.Take((int)step).Aggregate(rotation, (before, change) => change(before));
    }

    internal static string PublicKey() => GeneratedKeyPair.Generate().PublicKey;
}
