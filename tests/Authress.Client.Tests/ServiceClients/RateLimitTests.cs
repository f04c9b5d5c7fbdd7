namespace Authress.Client.Tests.ServiceClients;

public partial class RateLimitTests
{
    [Theory]
    [InlineData("PT1H:1000", "PT1H", 1000)]
    [InlineData(" pt5m : 100 ", "PT5M", 100)]
    [InlineData("P1M:1000000", "P1M", 1_000_000)]
    [InlineData("P1D", "P1D", null)]
    public void Is_read_in_every_common_form(string text, string duration, int? quota) =>
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
    public void An_unknown_duration_from_Authress_is_kept() =>
        Assert.Equal("PT7M:7", new RateLimit("PT7M", 7).ToString());

    [Fact]
    public void Two_limits_are_equal_where_duration_and_quota_are()
    {
        Assert.Equal(new RateLimit("PT1H", 100), new RateLimit("PT1H", 100));
        Assert.NotEqual(new RateLimit("PT1H", 100), new RateLimit("PT1H", null));
        Assert.NotEqual(new RateLimit("PT1H", 100), new RateLimit("PT5M", 100));
    }
}
