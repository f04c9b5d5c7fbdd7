using System.Text;
using System.Text.Json;

namespace Authress.Client.Tokens;

/// <summary>
/// What a ready access token says of itself, so that a connection can show it and guard against deleting its own client.
/// Nothing is verified: that is the server's business.
/// </summary>
/// <param name="ClientId">The service client that signed it.</param>
/// <param name="KeyId">The id of the key that signed it.</param>
/// <param name="AccountId">The account, out of the audience.</param>
public sealed record AccessTokenClaims(string? ClientId, string? KeyId, string? AccountId)
{
    private const string AccountSuffix = ".accounts.authress.io";

    /// <summary>Reads a token; all is null where it is opaque.</summary>
    /// <param name="token">The token.</param>
    public static AccessTokenClaims Read(string token)
    {
        if (token is null)
            throw new ArgumentNullException(nameof(token));
        string[] parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload)
            return new AccessTokenClaims(null, null, null);
        using (header)
        using (payload)
        {
            string? clientId = Text(payload, "client_id") ?? Text(payload, "sub");
            string? audience = Text(payload, "aud");
            string? accountId = audience is not null && audience.EndsWith(AccountSuffix, StringComparison.OrdinalIgnoreCase)
                ? audience.Substring(0, audience.Length - AccountSuffix.Length)
                : null;
            return new AccessTokenClaims(clientId, Text(header, "kid"), accountId);
        }
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonDocument? Decode(string part)
    {
        try
        {
            string standard = part.Replace('-', '+').Replace('_', '/');
            return JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='))));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // An opaque token is as good as any.
            return null;
        }
    }
}
