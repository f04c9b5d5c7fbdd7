namespace Authress.Chaos.Rotations;

/// <summary>The kills of a series, determined by its seed.</summary>
public static class KillPlan
{
    // A rotation and its completion send about this many requests, and take about this many milliseconds after the first.
    private const int Requests = 14;
    private const int Milliseconds = 500;

    // Announced to Retiring. The last step is the end.
    private const int LastStep = 5;

    private static readonly string[] Destinations = ["file", "vault"];

    /// <summary>Kills of all kinds, in all places, in random order.</summary>
    /// <param name="manifest">The module's manifest.</param>
    /// <param name="vaults">The manifest of the vaults' module.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    public static IEnumerable<KillOptions> Make(string manifest, string vaults, int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            string destination = Destinations[i % 2];
            bool withoutJournal = i / 2 % 2 == 1;
            KillMoment moment = (KillMoment)(i / 4 % 4);

            // The record in a vault can't be watched from here.
            if (moment == KillMoment.AtStep && destination == "vault" && withoutJournal)
                moment = KillMoment.AtRandom;
            int number = moment switch
            {
                KillMoment.AtStep => 1 + (i / 16 % LastStep),
                KillMoment.AtRandom => random.Next(Milliseconds),
                _ => 1 + random.Next(Requests),
            };
            yield return new KillOptions(manifest, vaults, destination, withoutJournal, moment, number);
        }
    }
}
