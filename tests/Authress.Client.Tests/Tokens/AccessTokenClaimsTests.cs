using System.Text;
using Authress.Client.Tokens;

namespace Authress.Client.Tests.Tokens;

/// <summary>What a ready token says about whose it is.</summary>
public class AccessTokenClaimsTests
{
    [Theory]
    [InlineData("\"acc-1.accounts.authress.io\"", "acc-1")]
    [InlineData("\"https://acc-1.accounts.authress.io\"", "acc-1")]
    [InlineData("\"https://acc-1.api.authress.io\"", "acc-1")]
    [InlineData("\"https://acc-1.api.authress.io/\"", "acc-1")]
    [InlineData("[\"https://acc-1.api.authress.io\"]", "acc-1")]
    [InlineData("[\"https://example.com\", 7, \"acc-1.accounts.authress.io\"]", "acc-1")]
    [InlineData("\"https://example.com\"", null)]
    [InlineData("\"example.com/acc-1.accounts.authress.io\"", null)]
    [InlineData("\"other.acc-1.accounts.authress.io\"", null)]
    [InlineData("\".accounts.authress.io\"", null)]
    [InlineData("[]", null)]
    [InlineData("7", null)]
    public void The_account_comes_from_the_audience(string audience, string? account) =>
        Assert.Equal(new AccessTokenClaims("sc_a", "k1", account), AccessTokenClaims.Read(Token($$"""{"sub":"sc_a","aud":{{audience}}}""")));

    [Theory]
    [InlineData("""{"sub":"\ud800"}""")]
    [InlineData("""{"client_id":"a\udc00b"}""")]
    [InlineData("""{"sub":"sc_a","aud":["\ud83d"]}""")]
    public void A_claim_with_half_a_surrogate_pair_is_an_ArgumentException(string payload) =>
        Assert.Throws<ArgumentException>(() => AccessTokenClaims.Read(Token(payload)));

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("\ud800.b.c")]
    [InlineData("eyJhIjoxfQ.bm8.c")]
    public void An_opaque_token_has_no_claims(string token) => Assert.Equal(new AccessTokenClaims(null, null, null), AccessTokenClaims.Read(token));

    private static string Token(string payload) => $"{Encode("""{"alg":"EdDSA","kid":"k1"}""")}.{Encode(payload)}.c2ln";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
