using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

public class RateLimitTests
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

    [Theory]
    [InlineData("PT1H:1000", "PT1H", 1000)]
    [InlineData(" pt5m : 100 ", "PT5M", 100)]
    [InlineData("P1M:1000000", "P1M", 1_000_000)]
    [InlineData("P1D", "P1D", null)]
    public void Is_read_as_people_write_it(string text, string duration, int? quota) =>
        Assert.Equal(new RateLimit(duration, quota), RateLimit.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("PT2H:1000")]
    [InlineData("1000")]
    [InlineData("PT1H:")]
    [InlineData("PT1H:99")]
    [InlineData("PT1H:1000001")]
    [InlineData("PT1H:-1000")]
    [InlineData("PT1H:1,000")]
    [InlineData("PT1H:1e3")]
    [InlineData("PT1H:99999999999")]
    [InlineData("PT1H:1000:1")]
    [InlineData("PT1H=1000")]
    public void Anything_else_is_a_FormatException(string text) =>
        Assert.Throws<FormatException>(() => RateLimit.Parse(text));

    [Fact]
    public void What_Authress_sends_is_kept_though_nobody_knows_it() =>
        Assert.Equal("PT7M:7", new RateLimit("PT7M", 7).ToString());

    [Fact]
    public void Two_limits_are_equal_where_duration_and_quota_are()
    {
        Assert.Equal(new RateLimit("PT1H", 100), new RateLimit("PT1H", 100));
        Assert.NotEqual(new RateLimit("PT1H", 100), new RateLimit("PT1H", null));
        Assert.NotEqual(new RateLimit("PT1H", 100), new RateLimit("PT5M", 100));
    }
}
