using System.Text;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests;

/// <summary>What messages leave out, and what they keep.</summary>
public class RedactionTests
{
    private static readonly Dictionary<string, Func<string, string>> Places = new()
    {
        ["alone"] = secret => secret,
        ["in quotes"] = secret => $"The file '{secret}' can't be read.",
        ["in a path"] = secret => $"Could not find '/home/user/{secret}'.",
        ["in a URL"] = secret => $"GET https://login.example.com/v1/clients/{secret} failed.",
        ["in an encoded path"] = secret => $"GET /v1/clients/{Uri.EscapeDataString(secret)} failed.",
        ["after a name"] = secret => $"AUTHRESS_KEY={secret}",
        ["after a letter"] = secret => $"The value x{secret} is invalid.",
        ["after other dots"] = secret => $"./a.b, c... {secret}",
        ["before other dots"] = secret => $"{secret}... c, ./a.b",
        ["twice"] = secret => $"{secret} and {secret}",
    };

    private static readonly Dictionary<string, Func<string>> Secrets = new()
    {
        ["access key"] = () => TestApi.NewAccessKey(),
        ["private key"] = () => TestApi.NewAccessKey().Split('.')[3],
        ["access key without its beginning"] = () => TestApi.NewAccessKey().Replace("MC4CAQAwBQ", "", StringComparison.Ordinal),
        ["older access key"] = () => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"audience":"a","clientId":"{{TestApi.NewAccessKey()}}"}""")),
        ["token"] = () => $"{Convert.ToBase64String("""{"alg":"EdDSA","typ":"at+jwt"}"""u8.ToArray())}.{Convert.ToBase64String("""{"sub":"sc_a"}"""u8.ToArray())}.c2lnbmF0dXJlLW9mLWEtdG9rZW4",
    };

    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string secret in Secrets.Keys)
            {
                foreach (string place in Places.Keys)
                    all.Add(secret, place);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_credential_is_hidden_wherever_it_is(string kind, string place)
    {
        string secret = Secrets[kind]();
        string text = Places[place](secret);
        Assert.True(Redaction.Finds(text));
        Assert.DoesNotContain(secret[^12..^2], Redaction.Hide(text), StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(secret)[^12..^6], Redaction.Hide(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("through http://bob:word@proxy.example.com:3128/", "through http://***@proxy.example.com:3128/")]
    [InlineData("through http://bob@proxy.example.com", "through http://***@proxy.example.com")]
    [InlineData("through http://bob:w@o/r:d@proxy.example.com", "through http://***@proxy.example.com")]
    [InlineData("'bob:word@proxy.example.com'", "'***@proxy.example.com'")]
    [InlineData("GET /v1/clients/https%3A%2F%2Fbob%3Aword%40example.com", "GET /v1/clients/https%3A%2F%2F***@example.com")]
    public void The_user_information_of_a_URL_is_hidden(string text, string shown) => Assert.Equal(shown, Redaction.Hide(text));

    [Theory]
    [InlineData("The service client 'sc_a9RdHnQzsXJeAz' has no access key 'kX82fa'.")]
    [InlineData("sc_a9RdHnQzsXJeAz.kX82fa.acc-0123456789ab")]
    [InlineData("The service client 'sc_eyJ7hGw2kQzsXJeAzLm4pT' has no access key 'kX82fa'.")]
    [InlineData("GET /v1/clients/sc_R7eyJ7hGw2kQzsXJeAzLm4p/access-keys/kX82fa failed with 404 NotFound.")]
    [InlineData("The file '/srv/www.my.site.example/keys/production/backup/of/the/client.key' can't be read.")]
    [InlineData("'env=prod;owner=somebody@example.com' is not a valid set of tags.")]
    [InlineData("GET /v1/users/auth0%7C6f3c failed with 404 NotFound.")]
    [InlineData("https://acc-0123456789ab.api.authress.io")]
    [InlineData("MCowBQYDK2VwAyEAjFzkVilvyRLw/2BcxHm0iy7sNgTHQ/DtgqljkBirl1s=")]
    [InlineData("MCowBQYDK2VwAyEAjFeyJilvyRLw/2BcxHm0iy7sNgTHQ/DtgqljkBirl1s=")]
    [InlineData("PT5M:1000 at 12:30:00")]
    public void Other_text_stays(string text)
    {
        Assert.Equal(text, Redaction.Hide(text));
        Assert.False(Redaction.Finds(text));
    }
}
