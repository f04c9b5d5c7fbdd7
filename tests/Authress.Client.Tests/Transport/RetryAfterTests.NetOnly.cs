using System.Globalization;
using System.Net;
using Authress.Client.Transport;
using CsCheck;

namespace Authress.Client.Tests.Transport;

/// <summary>How long a server asks to wait (RFC 9110, section 10.2.3). CsCheck has no build for .NET Framework.</summary>
public class RetryAfterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 3, 12, 0, 0, TimeSpan.Zero);

    private static Gen<DateTimeOffset> Moment { get; } = Gen.Long[-400L * 86_400, 400L * 86_400].Select(seconds => Noon.AddSeconds(seconds));

    [Fact]
    public void Seconds_are_seconds() =>
        Gen.Int[0, int.MaxValue].Sample(seconds => Read(seconds.ToString(CultureInfo.InvariantCulture), null, Noon) == TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_date_is_compared_with_the_servers_own_clock_and_never_negative() =>
        Gen.Select(Moment, Moment, Moment).Sample((until, server, here) =>
            Read(until.ToString("r", CultureInfo.InvariantCulture), server, here) == (until > server ? until - server : TimeSpan.Zero));

    [Fact]
    public void Without_the_servers_clock_this_machines_own_stands_in() =>
        Gen.Select(Moment, Moment).Sample((until, here) =>
            Read(until.ToString("r", CultureInfo.InvariantCulture), null, here) == (until > here ? until - here : TimeSpan.Zero));

    [Fact]
    public void Anything_else_is_ignored() =>
        Gen.OneOf(
            Gen.Char[' ', '~'].Array[0, 40].Select(letters => new string(letters)),
            Gen.OneOf("-1", "1.5", "99999999999999999999", "Wed, 31 Feb 2026 12:00:00 GMT", "Thu, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "0x10", "١٢", "1, 2"))
        .Sample(text => Read(text, Noon, Noon) is null || Read(text, Noon, Noon) >= TimeSpan.Zero);

    [Fact]
    public void With_a_success_it_is_ignored() =>
        Gen.Int[0, 100_000].Sample(seconds => Read(seconds.ToString(CultureInfo.InvariantCulture), null, Noon, HttpStatusCode.OK) is null);

    private static TimeSpan? Read(string text, DateTimeOffset? server, DateTimeOffset here, HttpStatusCode status = HttpStatusCode.ServiceUnavailable)
    {
        using HttpResponseMessage response = new(status);
        response.Headers.TryAddWithoutValidation("Retry-After", text);
        response.Headers.Date = server;
        return new ApiResponse<object>(response, here).RetryAfter;
    }
}
