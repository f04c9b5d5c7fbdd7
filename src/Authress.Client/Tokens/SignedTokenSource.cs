using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Authress.Client.AccessKeys;
using Authress.Client.Connections;

namespace Authress.Client.Tokens;

/// <summary>
/// Tokens that a service client signs for itself (RFC 9068's <c>at+jwt</c>): valid for 24 hours, and used until less than an
/// hour is left. The access key itself never leaves the machine.
/// </summary>
internal sealed class SignedTokenSource(AccessKeyCredential credential, string issuer, Func<DateTimeOffset> now) : ITokenSource
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromHours(1);

    private readonly object _gate = new();
    private string? _token;
    private DateTimeOffset _expires;

    public SignedTokenSource(AccessKeyCredential credential, Uri apiUrl, string accountId, Func<DateTimeOffset> now)
        : this(credential, ApiUrl.Issuer(apiUrl, accountId, credential.ClientId), now)
    {
    }

    public string GetToken()
    {
        lock (_gate)
        {
            DateTimeOffset time = now();

            // The second test is for a clock that was set back, which would keep an old token in use for too long.
            if (_token is null || _expires - time < RenewBefore || _expires - time > Lifetime)
            {
                _token = Sign(time, Lifetime);
                _expires = time + Lifetime;
            }

            return _token;
        }
    }

    public bool TryRenew(string rejected)
    {
        lock (_gate)
        {
            if (_token == rejected)
                _token = null;
            return true;
        }
    }

    /// <summary>Signs a token.</summary>
    /// <param name="time">When it was issued.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public string Sign(DateTimeOffset time, TimeSpan lifetime)
    {
        string header = Encode(writer =>
        {
            writer.WriteString("alg", credential.Algorithm);
            writer.WriteString("kid", credential.KeyId);
            writer.WriteString("typ", "at+jwt");
        });
        string payload = Encode(writer =>
        {
            writer.WriteString("iss", issuer);
            writer.WriteString("sub", credential.ClientId);
            writer.WriteString("client_id", credential.ClientId);
            writer.WriteString("aud", credential.Audience);
            writer.WriteNumber("iat", time.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (time + lifetime).ToUnixTimeSeconds());
            writer.WriteString("scope", "openid");
        });
        string content = header + "." + payload;
        return content + "." + Base64Text.EncodeUrl(credential.Sign(Encoding.ASCII.GetBytes(content)));
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        // A token is never part of a page, so it needs no HTML escapes.
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Text.EncodeUrl(buffer.ToArray());
    }
}
