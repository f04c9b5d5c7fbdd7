using Authress.Client.Connections;
using CsCheck;

namespace Authress.Client.Tests.Connections;

/// <summary>Who a token says it is from. CsCheck has no build for .NET Framework.</summary>
public class IssuerTests
{
    private static readonly string[] AuthressOwn = ["authress.io", "api.authress.io", "ACC-1.Api.Authress.IO", "a.b.c.authress.io"];
    private static readonly string[] Others = ["login.example.com", "notauthress.io", "authress.io.example.com", "authress.io.", "authress.iot", "xn--authress-io.example", "authress-io.com", "127.0.0.1", "[::1]"];

    private static Gen<string> AnyClientId { get; } =
        Gen.OneOf(Gen.Char[' ', '~'].Select(c => c.ToString()), Gen.OneOf("/", "?", "#", "%2F", "..", "é", "😀", "\u202e"), Gen.Char['\u0001', '\ud7ff'].Select(c => c.ToString()))
            .Array[1, 20].Select(string.Concat);

    private static Gen<string> Account { get; } = Gen.Char['a', 'z'].Array[1, 20].Select(letters => "acc-" + new string(letters));

    [Fact]
    public void On_an_Authress_host_the_issuer_has_the_account_as_host() =>
        Gen.Select(Gen.OneOf(AuthressOwn), Gen.Int[1, 65535], Account, AnyClientId).Sample((host, port, account, client) =>
            ApiUrl.Issuer(new Uri($"https://{host}:{port}"), account, client) == $"https://{account}.api.authress.io/v1/clients/{Uri.EscapeDataString(client)}");

    [Fact]
    public void On_any_other_host_the_issuer_has_the_same_host() =>
        Gen.Select(Gen.OneOf(Others), Gen.Int[1, 65535], Account, AnyClientId).Sample((host, port, account, client) =>
        {
            Uri url = new($"https://{host}:{port}");
            Uri issuer = new(ApiUrl.Issuer(url, account, client));
            return issuer.Host == url.Host && issuer.Port == port && issuer.Scheme == "https";
        });

    [Fact]
    public void A_client_id_is_one_segment_and_can_be_read_back() =>
        Gen.Select(Gen.OneOf<string>([.. AuthressOwn, .. Others]), Account, AnyClientId).Sample((host, account, client) =>
        {
            string[] parts = ApiUrl.Issuer(new Uri("https://" + host), account, client).Split('/');
            return parts is ["https:", "", _, "v1", "clients", var last] && last.Length > 0 && last.IndexOfAny(['?', '#']) < 0 && Uri.UnescapeDataString(last) == client;
        });
}
