using Authress.Chaos.Rotations;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Rotations;

/// <summary>
/// The process of a rotation is really killed, and the rotation run again. A few of what
/// <c>dotnet run -c Release --project bench -- rotation --kills 200</c> does.
/// </summary>
public sealed class KillTests
{
    // The step boundaries that no request marks, and requests before and after they are carried out: the registration, the
    // first proof, the proof of the delivered copy, and the deletion.
    public static TheoryData<string, bool, KillMoment, int> Kills => new()
    {
        { "file", false, KillMoment.AtStep, 1 },
        { "file", false, KillMoment.AtStep, 3 },
        { "file", false, KillMoment.AfterRequest, 2 },
        { "file", false, KillMoment.AfterRequest, 13 },
        { "file", true, KillMoment.BeforeRequest, 2 },
        { "file", true, KillMoment.AtStep, 2 },
        { "vault", false, KillMoment.BeforeRequest, 6 },
        { "vault", false, KillMoment.AtStep, 4 },
        { "vault", true, KillMoment.AfterRequest, 2 },
        { "vault", true, KillMoment.BeforeRequest, 13 },
    };

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task Leaves_a_key_that_works_and_none_that_is_not_accounted_for(string destination, bool withoutJournal, KillMoment moment, int number)
    {
        KillResult result = await KilledRotation.RunAsync(new KillOptions(Shell.ModuleManifest, StandIns.SecretManagement, destination, withoutJournal, moment, number));
        Assert.True(result.IsKilled, "The rotation had ended before the kill.");
        Assert.Empty(result.Findings);
    }
}
