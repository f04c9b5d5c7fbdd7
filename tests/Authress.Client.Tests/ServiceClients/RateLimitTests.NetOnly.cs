using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>CsCheck has no build for .NET Framework.</summary>
public partial class RateLimitTests
{
    [Fact]
    public void Any_limit_can_be_read_back_from_its_text() =>
        Gen.Select(Gen.OneOf("PT0S", "PT5M", "PT1H", "P1D", "P1M"), Gen.OneOf(Gen.Const((int?)null), Gen.Int[100, 1_000_000].Select(quota => (int?)quota))).Sample(
            (duration, quota) =>
            {
                RateLimit limit = RateLimit.Create(duration, quota);
                RateLimit read = RateLimit.Parse(limit.ToString());
                return read.Equals(limit) && read.GetHashCode() == limit.GetHashCode() && read.Duration == duration && read.Quota == quota;
            },
            iter: 2000);

    [Fact]
    public void Any_text_is_a_limit_or_a_FormatException() =>
        Gen.OneOf(Gen.String, Gen.OneOf("PT1H", "P1D", ":", "1000", "-", " ", "1e3", "٣", "99999999999").Array[0, 4].Select(string.Concat)).Sample(
            text =>
            {
                try
                {
                    RateLimit limit = RateLimit.Parse(text);
                    return RateLimit.Durations.Contains(limit.Duration) && limit.Quota is null or (>= 100 and <= 1_000_000);
                }
                catch (FormatException)
                {
                    return true;
                }
            },
            iter: 5000);
}
