using System.Collections;
using System.Globalization;

namespace Authress.PowerShell.Completion;

/// <summary>Rate limits with the durations that Authress accepts and the quotas that it documents.</summary>
internal sealed class RateLimitCompleter : CachedCompleter
{
    private static readonly int[] Quotas = [100, 1_000, 100_000, 1_000_000];

    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word) =>
        from duration in RateLimit.Durations
        from quota in Quotas
        let text = new RateLimit(duration, quota).ToString()
        where StartsWith(text, word)
        select new Candidate(text, text, string.Format(CultureInfo.CurrentCulture, Messages.RateLimitChoice, quota, duration));
}
